// Part of every client module, included after the generated code: the constructor, the project of calls
// that name none, and the hooks through which every call reaches the transport.

impl Client {
    /// Client of the service at `baseurl`, such as `https://rds.eu-de.otc.t-systems.com`.
    pub fn new(baseurl: &str, transport: crate::transport::Transport) -> Self {
        Self {
            baseurl: baseurl.trim_end_matches('/').to_owned(),
            client: transport.http().clone(),
            inner: transport,
        }
    }

    /// The project of calls that name none.
    fn project(&self) -> Result<crate::model::ProjectId, String> {
        let project = self.inner.project();
        project.ok_or_else(|| "project_id was not initialized".to_owned())
    }
}

impl ClientHooks<crate::transport::Transport> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let prepared = self.inner.prepare(SERVICE, info.operation_id, request);
        prepared.await.map_err(Error::Custom)
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        self.inner
            .execute(SERVICE, info.operation_id, request)
            .await
    }
}
