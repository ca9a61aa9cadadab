//! A value in a form that is not the documented one, read as what is wanted.

use serde::de::value::StringDeserializer;
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde_json::{Error, Number, Value};

/// A value, for a type that wants another form of it: numbers and texts stand for each other, so do a
/// value and a list of one, and texts in a list are one text with commas.
pub(super) struct Form(pub(super) Value);

impl Form {
    /// The value in a list that has no other.
    fn alone(self) -> Value {
        match self.0 {
            Value::Array(mut items) if items.len() == 1 => items.remove(0),
            value => value,
        }
    }

    pub(super) fn text(&self) -> Result<String, Error> {
        let text = |value: &Value| match value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(value) => Ok(value.to_string()),
            _ => Err(unusable()),
        };
        match &self.0 {
            Value::Array(items) if !items.is_empty() => {
                let texts: Result<Vec<_>, _> = items.iter().map(text).collect();
                Ok(texts?.join(","))
            }
            value => text(value),
        }
    }

    fn number(self) -> Result<Number, Error> {
        match self.alone() {
            Value::Number(number) => Ok(number),
            Value::String(text) => text.trim().parse(),
            _ => Err(unusable()),
        }
    }

    /// A number without a fraction.
    fn whole(self) -> Result<i64, Error> {
        let number = self.number()?;
        let whole = |number: f64| {
            // Beyond this not all whole numbers can be told from each other.
            let is_exact = number.fract() == 0.0 && number.abs() <= 2_f64.powi(53);
            is_exact.then_some(number as i64)
        };
        let read = number.as_i64().or_else(|| number.as_f64().and_then(whole));
        read.ok_or_else(unusable)
    }
}

fn unusable() -> Error {
    Error::custom("the value has no usable form")
}

/// Methods that read a whole number.
macro_rules! whole {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.visit_i64(self.whole()?)
        })*
    };
}

/// Methods that read a text.
macro_rules! text {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.visit_string(self.text()?)
        })*
    };
}

impl<'de> Deserializer<'de> for Form {
    type Error = Error;

    whole! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64
    }

    text! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    /// For those that take any number, and cannot say so.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.number()?.deserialize_any(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.number()?.as_f64().ok_or_else(unusable)?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text()?;
        let is = |word: &str| text.trim().eq_ignore_ascii_case(word);
        match (is("true") || is("1"), is("false") || is("0")) {
            (false, false) => Err(unusable()),
            (is_true, _) => visitor.visit_bool(is_true),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text: StringDeserializer<Error> = self.text()?.into_deserializer();
        text.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        i128 u128 bytes byte_buf unit unit_struct struct seq tuple tuple_struct map ignored_any
    }
}
