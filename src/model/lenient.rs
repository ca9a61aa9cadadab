//! Lenient reading of answers: what has another form than the documented one is read if its value can be
//! told, and is otherwise left out, so that it never takes the rest of the answer away.

use std::fmt;
use std::iter;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess,
    SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;
use tracing::warn;

use super::form::Form;

/// Reads an optional field; the generated types of answers use it.
///
/// `None` is also what has no usable form, of which an event tells.
pub(crate) fn field<'de, D, T>(name: &'static str, deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Field::new(name))
}

/// Reads a list; the generated lists of answers use it.
///
/// An entry that is null or has no usable form counts as an object without fields, or is left out where
/// none can be read. One value is a list of one: what stands there is not nothing.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_seq(List(PhantomData))
}

/// Reads a value of a field.
struct Field<T> {
    name: &'static str,
    is: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Field<T> {
    fn new(name: &'static str) -> Self {
        let is = PhantomData;
        Self { name, is }
    }

    /// A value, or what can be made of it.
    fn scalar<E: Error>(
        self,
        value: impl IntoDeserializer<'de, E> + Clone + Into<Value>,
    ) -> Result<Option<T>, E> {
        match T::deserialize(value.clone().into_deserializer()) {
            Ok(read) => Ok(Some(read)),
            Err(_) => Ok(self.other(value.into())),
        }
    }

    /// What can be made of a value that has another form.
    fn other(self, value: Value) -> Option<T> {
        let kind = match value {
            Value::Null => return None,
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        let form = Form(value);
        let text = form.text();
        // Words that are not documented are read by types that do not say that they want a text.
        let as_text = |_| {
            T::deserialize(IntoDeserializer::<serde_json::Error>::into_deserializer(
                text?,
            ))
        };
        let read = T::deserialize(form).or_else(as_text);
        if read.is_err() {
            warn!(
                field = self.name,
                kind, "a field of an answer cannot be used"
            );
        }
        read.ok()
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Field<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        self.scalar(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        self.scalar(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        self.scalar(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        self.scalar(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        match T::deserialize(IntoDeserializer::<E>::into_deserializer(value)) {
            Ok(read) => Ok(Some(read)),
            Err(_) => Ok(self.other(value.into())),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        if let Ok(read) = T::deserialize(OnlyList(&mut list)) {
            return Ok(Some(read));
        }
        let mut scalars = Vec::new();
        let mut last = None;
        let mut length = 0;
        while let Some(item) = list.next_element_seed(Item(PhantomData))? {
            length += 1;
            match item {
                Ok(scalar) => scalars.push(scalar),
                Err(read) => last = read,
            }
        }
        match (last, length) {
            (Some(only), 1) => Ok(Some(only)),
            _ if scalars.len() == length => Ok(self.other(Value::Array(scalars))),
            _ => Ok(self.other(Value::Array(Vec::new()))),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        if let Ok(read) = T::deserialize(MapAccessDeserializer::new(&mut object)) {
            return Ok(Some(read));
        }
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.other(Value::Object(Default::default())))
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Field<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// A list for a type that asks for one; others, such as a struct with as many fields, do not get it.
struct OnlyList<A>(A);

impl<'de, A: SeqAccess<'de>> Deserializer<'de> for OnlyList<A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, A::Error> {
        Err(Error::custom("this is a list"))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_seq(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Reads an item of a list where no list belongs: a scalar, or what an object is read as.
struct Item<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Item<T> {
    type Value = Result<Value, Option<T>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Item<T> {
    type Value = Result<Value, Option<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Ok(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Ok(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Ok(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Ok(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Ok(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Ok(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Err(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        Field::new(ENTRY).visit_map(object).map(Err)
    }
}

/// Reads a list.
struct List<T>(PhantomData<T>);

/// What stands for an entry in events.
const ENTRY: &str = "an entry of a list";

impl<'de, T: Deserialize<'de>> List<T> {
    /// A list of what was read in place of a list.
    fn of<E: Error>(item: Result<Option<T>, E>) -> Result<Vec<T>, E> {
        let item = item?.or_else(nothing::<T, E>);
        Ok(vec![item.ok_or_else(|| E::custom("this is no list"))?])
    }
}

/// An object without fields.
fn nothing<'de, T: Deserialize<'de>, E: Error>() -> Option<T> {
    let fields = iter::empty::<(&str, &str)>();
    T::deserialize(MapDeserializer::<_, E>::new(fields)).ok()
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Self::of(Field::new(ENTRY).visit_bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Self::of(Field::new(ENTRY).visit_i64(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Self::of(Field::new(ENTRY).visit_u64(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Self::of(Field::new(ENTRY).visit_f64(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Self::of(Field::new(ENTRY).visit_str(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        Self::of(Field::new(ENTRY).visit_map(object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Field::new(ENTRY))? {
            items.extend(item.or_else(nothing::<T, A::Error>));
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests;
