//! Services that the embedding application registers and that views call by name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::failure::Failure;

/// Who calls a service. Proven by the host; nothing in it is from a guest or from the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caller<'a> {
    /// The app's name.
    pub tenant: &'a str,
    /// The component's name in the app.
    pub view: &'a str,
    /// What the session holds, as the view sees it: the embedding application's, or else the browser's, which views that
    /// were granted it have put in. Empty when nobody is logged in.
    pub session: &'a [(String, String)],
}

impl<'a> Caller<'a> {
    /// A caller, as the host or a test makes it.
    pub fn new(tenant: &'a str, view: &'a str, session: &'a [(String, String)]) -> Self {
        Self { tenant, view, session }
    }

    /// A value of the session. The last one wins.
    pub fn session(&self, name: &str) -> Option<&'a str> {
        self.session.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A service: bytes in, bytes out. What they mean is between the application and its views.
///
/// A view waits for the answer, and its person for the view: answer from memory. The call runs on a thread that has
/// been taken out of the ones that serve sockets, so that one that blocks all the same holds up nobody but its view.
/// The input comes from a guest: check it.
///
/// ```
/// use hothouse_services::registered::{Caller, Service};
/// use hothouse_services::{Failure, FailureKind};
///
/// let greeting = |caller: &Caller<'_>, input: &[u8]| match (caller.session("user"), input) {
///     (Some(user), b"greet") => Ok(format!("Hello {user}").into_bytes()),
///     (None, _) => Err(Failure::new(FailureKind::Forbidden, "Log in first.")),
///     (_, _) => Err(Failure::new(FailureKind::BadInput, "`greeting` knows only `greet`.")),
/// };
/// let session = [("user".to_owned(), "Ann".to_owned())];
/// let caller = Caller::new("shop", "stock", &session);
/// assert_eq!(greeting.call(&caller, b"greet").unwrap(), b"Hello Ann");
/// ```
pub trait Service: Send + Sync {
    /// Answers a call.
    ///
    /// # Errors
    /// A declared refusal, which the view receives as it is.
    fn call(&self, caller: &Caller<'_>, input: &[u8]) -> Result<Vec<u8>, Failure>;
}

impl<F> Service for F
where
    F: Fn(&Caller<'_>, &[u8]) -> Result<Vec<u8>, Failure> + Send + Sync,
{
    fn call(&self, caller: &Caller<'_>, input: &[u8]) -> Result<Vec<u8>, Failure> {
        self(caller, input)
    }
}

/// Services by name: all that are registered, or those that one component was granted. Cheap to clone.
#[derive(Clone, Default)]
pub struct Services(BTreeMap<String, Arc<dyn Service>>);

impl Services {
    /// Registers a service; one of the same name is replaced.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use hothouse_services::registered::{Caller, Services};
    ///
    /// let mut services = Services::default();
    /// services.register("echo", Arc::new(|_: &Caller<'_>, input: &[u8]| Ok(input.to_vec())));
    /// ```
    pub fn register(&mut self, name: impl Into<String>, service: Arc<dyn Service>) {
        self.0.insert(name.into(), service);
    }

    /// A service by its name.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Service>> {
        self.0.get(name)
    }

    /// Names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of these names; the first that is not registered otherwise.
    ///
    /// # Errors
    /// The name.
    pub fn granted<'a>(&self, names: &'a [String]) -> Result<Self, &'a str> {
        let granted = |name: &'a String| match self.0.get(name) {
            Some(service) => Ok((name.clone(), service.clone())),
            None => Err(name.as_str()),
        };
        names.iter().map(granted).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Debug for Services {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Caller, Services};

    #[test]
    fn a_component_is_granted_what_is_registered_and_nothing_else() {
        let mut services = Services::default();
        services.register("stock", Arc::new(|_: &Caller<'_>, input: &[u8]| Ok(input.to_vec())));
        services.register("members", Arc::new(|_: &Caller<'_>, _: &[u8]| Ok(Vec::new())));
        let granted = services.granted(&["stock".to_owned()]).unwrap();
        assert_eq!(granted.names().collect::<Vec<_>>(), ["stock"]);
        let caller = Caller::new("shop", "stock", &[]);
        assert_eq!(granted.get("stock").unwrap().call(&caller, b"all").unwrap(), b"all");
        assert!(granted.get("members").is_none());
        assert_eq!(services.granted(&["stock".to_owned(), "mail".to_owned()]).err(), Some("mail"));
    }
}
