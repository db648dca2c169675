//! Why a server does not start, problem by problem, each with a code for the log. There are no metrics of a server that
//! never was.

use hothouse_runtime::{LoadError, StartError};

use crate::OpenError;
use crate::app::AppError;

impl OpenError {
    /// Every code of a problem, beside those of [`LoadError`].
    pub const CODES: &'static [&'static str] = &[
        "bad-manifest",
        "bad-limits",
        "bad-public-url",
        "bad-route",
        "service-unregistered",
        "component-unreadable",
        "component-too-large",
        "storage",
        "bad-assets",
        "bad-hooks-module",
        "bad-layout",
        "error-page-unreadable",
        "http-client",
        "runtime-start",
        "loading-interrupted",
    ];

    /// Every problem there is, with a short name that stays the same.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let code = match self {
            Self::App(error) => return of_app(error),
            Self::PublicUrl(_) => "bad-public-url",
            Self::Runtime(StartError::Artifacts(_)) => LoadError::MACHINE_CODE,
            Self::Runtime(
                StartError::NotMultiThread
                | StartError::Engine(_)
                | StartError::Ticker(_)
                | StartError::TaskThreads(_),
            ) => "runtime-start",
            Self::Interrupted(_) => "loading-interrupted",
        };
        vec![(code, self.to_string())]
    }
}

fn of_app(error: &AppError) -> Vec<(&'static str, String)> {
    let code = match error {
        AppError::Several(errors) => return errors.iter().flat_map(of_app).collect(),
        AppError::Manifest(_) => "bad-manifest",
        AppError::Limits(_) => "bad-limits",
        AppError::Http(_) => "http-client",
        AppError::Route { .. } => "bad-route",
        AppError::Service { .. } => "service-unregistered",
        AppError::Read { .. } => "component-unreadable",
        AppError::TooLarge { .. } => "component-too-large",
        AppError::Storage(_) => "storage",
        AppError::Assets { .. } => "bad-assets",
        AppError::HooksModule { .. } => "bad-hooks-module",
        AppError::Layout { .. } => "bad-layout",
        AppError::ErrorPage { .. } => "error-page-unreadable",
        AppError::Load(error) => error.code(),
    };
    vec![(code, error.to_string())]
}
