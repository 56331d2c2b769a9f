//! Uploaded files: who may upload and read them. The server keeps their bytes.

use crate::Register;
use crate::error::Error;
use caunoi_domain::policy::{Action, Actor, Permit, Scope};
use caunoi_domain::upload::Upload;

impl Register {
    /// Returns the permit to upload files to the log whose entries the actor writes.
    ///
    /// # Errors
    /// Returns `Denied` if the actor creates no entries.
    pub fn permit_upload(&self, actor: &Actor) -> Result<Permit, Error> {
        Ok(actor.permit_at_home(Action::Create)?)
    }

    /// Charges a file to the upload quota of its province, unless the province has it already.
    ///
    /// # Errors
    /// Returns `Refused` if the quota is used up, or an error if the database does not respond.
    pub async fn charge_upload(&self, permit: &Permit, upload: &Upload) -> Result<(), Error> {
        let charged = self.store.charge_upload(permit, upload, &self.write_limits, self.clock.now_us()).await;
        Ok(self.check_write(charged)??)
    }

    /// Records a file whose bytes are stored; returns false if its log has it already.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn record_upload(&self, permit: &Permit, upload: &Upload) -> Result<bool, Error> {
        self.write_in_turn(permit, self.store.insert_file(permit, upload, self.clock.now_us())).await
    }

    /// Returns the file with this hash that a scope may read.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_file(&self, scope: Scope, sha256: &str) -> Result<Option<Upload>, Error> {
        Ok(self.store.find_file(scope, sha256).await?)
    }

    /// Returns the file with this hash that entries of the actor's own log may contain; `None` for
    /// an actor that creates no entries.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_upload(&self, actor: &Actor, sha256: &str) -> Result<Option<Upload>, Error> {
        match actor.permit_at_home(Action::Create) {
            Ok(permit) => Ok(self.store.find_file_of(permit.log(), sha256).await?),
            Err(_) => Ok(None),
        }
    }
}
