//! Which target answers a path: patterns with typed, optional and catch-all parameters. Knows no views.

use std::sync::Arc;

/// Most segments of a pattern.
const MAX_SEGMENTS: usize = 32;
/// Most parameters of path and query together; an address with more is none of the app's.
const MAX_PARAMS: usize = 1_000;

/// Targets by path.
pub(crate) struct Routes<T> {
    router: matchit::Router<Arc<Route<T>>>,
}

struct Route<T> {
    target: T,
    params: Vec<Param>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Param {
    name: String,
    kind: Kind,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Anything.
    Text,
    /// Decimal digits, perhaps with a `-`, of an `i64`.
    Int,
    /// 32 hexadecimal digits in their five groups.
    Uuid,
}

/// A path that something answers.
pub(crate) struct Found<T> {
    pub(crate) target: T,
    /// Parameters of the path, then those of the query, decoded.
    pub(crate) params: Vec<(String, String)>,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    /// It is not one.
    #[error("`{part}`: {expected}")]
    Part {
        /// The segment.
        part: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// It is too long.
    #[error("more than {MAX_SEGMENTS} segments")]
    TooLong,
    /// Another route answers the same paths.
    #[error("{0}")]
    Conflict(#[from] matchit::InsertError),
}

enum Segment<'a> {
    Literal(&'a str),
    Param { param: Param, optional: bool, rest: bool },
}

impl<T> Default for Routes<T> {
    fn default() -> Self {
        Self { router: matchit::Router::new() }
    }
}

impl<T: Clone> Routes<T> {
    /// Adds a pattern: `/items/{id:int}/{tab?}`, `/files/{*path}`.
    ///
    /// # Errors
    /// [`PatternError`], naming the segment and what may stand there.
    pub(crate) fn insert(&mut self, pattern: &str, target: T) -> Result<(), PatternError> {
        let segments = segments(pattern)?;
        let required = segments.iter().take_while(|segment| !segment.is_optional()).count();
        // One path for each optional segment that may be missing. Parameters are numbered: the tree wants the same
        // name at the same place, whatever each route calls it.
        for length in required..=segments.len() {
            let mut path = String::new();
            let mut params = Vec::new();
            for segment in segments.iter().take(length) {
                path.push('/');
                match segment {
                    Segment::Literal(text) => path.push_str(text),
                    Segment::Param { param, rest, .. } => {
                        let star = if *rest { "*" } else { "" };
                        path.push_str(&format!("{{{star}p{}}}", params.len()));
                        params.push(param.clone());
                    }
                }
            }
            let path = if path.is_empty() { "/".to_owned() } else { path };
            self.router.insert(path, Arc::new(Route { target: target.clone(), params }))?;
        }
        Ok(())
    }

    /// What answers a path (percent-encoded, without the query), if anything does.
    pub(crate) fn at(&self, path: &str, query: Option<&str>) -> Option<Found<T>> {
        let found = self.router.at(path).ok()?;
        let mut params = Vec::new();
        for (param, (_, value)) in found.value.params.iter().zip(found.params.iter()) {
            let value = percent_decoded(value);
            if !param.kind.takes(&value) {
                return None;
            }
            params.push((param.name.clone(), value));
        }
        let query = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned();
        params.extend(query.take(MAX_PARAMS + 1));
        (params.len() <= MAX_PARAMS).then(|| Found { target: found.value.target.clone(), params })
    }
}

/// A path that a pattern answers, with made-up parameters.
pub(crate) fn example(pattern: &str) -> Option<String> {
    let mut path = String::new();
    for segment in segments(pattern).ok()?.iter().take_while(|segment| !segment.is_optional()) {
        path.push('/');
        path.push_str(match segment {
            Segment::Literal(text) => text,
            Segment::Param { param, .. } => match param.kind {
                Kind::Text | Kind::Int => "1",
                Kind::Uuid => "00000000-0000-0000-0000-000000000000",
            },
        });
    }
    Some(if path.is_empty() { "/".to_owned() } else { path })
}

impl Segment<'_> {
    fn is_optional(&self) -> bool {
        matches!(self, Self::Param { optional: true, .. })
    }
}

fn segments(pattern: &str) -> Result<Vec<Segment<'_>>, PatternError> {
    let part = |part: &str, expected| PatternError::Part { part: part.chars().take(80).collect(), expected };
    let path = pattern.strip_prefix('/').ok_or_else(|| part(pattern, "a path starts with `/`"))?;
    let mut segments = Vec::new();
    let texts: Vec<&str> = if path.is_empty() { Vec::new() } else { path.split('/').collect() };
    if texts.len() > MAX_SEGMENTS {
        return Err(PatternError::TooLong);
    }
    let mut names: Vec<String> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let segment = segment(text).map_err(|expected| part(text, expected))?;
        if segments.last().is_some_and(Segment::is_optional) && !segment.is_optional() {
            return Err(part(text, "only optional parameters follow an optional one"));
        }
        if let Segment::Param { param, rest, .. } = &segment {
            if *rest && index + 1 < texts.len() {
                return Err(part(text, "nothing follows what takes the rest of the path"));
            }
            if names.contains(&param.name) {
                return Err(part(text, "a parameter of this name stands before it"));
            }
            names.push(param.name.clone());
        }
        segments.push(segment);
    }
    Ok(segments)
}

fn segment(text: &str) -> Result<Segment<'_>, &'static str> {
    let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
        if text.contains(['{', '}', '*', '?', '#']) || text.chars().any(char::is_control) {
            return Err("a parameter is a whole segment, `{name}`; `*`, `?` and `#` stand in no other");
        }
        return Ok(Segment::Literal(text));
    };
    let (inner, optional) = inner.strip_suffix('?').map_or((inner, false), |inner| (inner, true));
    let (inner, rest) = inner.strip_prefix('*').map_or((inner, false), |inner| (inner, true));
    let (name, kind) = inner.split_once(':').unwrap_or((inner, "text"));
    let kind = match kind {
        "text" => Kind::Text,
        "int" if !rest => Kind::Int,
        "uuid" if !rest => Kind::Uuid,
        _ => return Err("a parameter's type is `int`, `uuid` or `text`, and the rest of a path has none"),
    };
    let is_name = (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !is_name {
        return Err("a parameter's name is 1 to 64 letters, digits, `_` and `-`");
    }
    Ok(Segment::Param { param: Param { name: name.to_owned(), kind }, optional, rest })
}

impl Kind {
    fn takes(self, value: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Int => !value.starts_with('+') && value.parse::<i64>().is_ok(),
            Self::Uuid => {
                value.len() == 36
                    && value.bytes().enumerate().all(|(index, byte)| match index {
                        8 | 13 | 18 | 23 => byte == b'-',
                        _ => byte.is_ascii_hexdigit(),
                    })
            }
        }
    }
}

pub(crate) fn percent_decoded(text: &str) -> String {
    // `+` and `&` mean something in a form and nothing in a path: only the form decoder is at hand.
    let escaped = text.replace('+', "%2B").replace('&', "%26");
    url::form_urlencoded::parse(format!("={escaped}").as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{MAX_PARAMS, Routes, example, percent_decoded};

    fn routes(patterns: &[&'static str]) -> Routes<&'static str> {
        let mut routes = Routes::default();
        patterns.iter().for_each(|pattern| routes.insert(pattern, *pattern).unwrap());
        routes
    }

    /// The pattern that answers, and its parameters.
    fn at(routes: &Routes<&'static str>, path: &str) -> String {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        routes.at(path, query).map_or_else(
            || "nothing".to_owned(),
            |found| {
                let params = found.params.iter().map(|(name, value)| format!(" {name}={value}"));
                found.target.to_owned() + &params.collect::<String>()
            },
        )
    }

    #[test]
    fn path_segments_are_decoded_and_keep_their_plus() {
        assert_eq!(percent_decoded("a%20b+c%2Fd"), "a b+c/d");
        assert_eq!(percent_decoded("a=b&c"), "a=b&c");
    }

    #[test]
    fn parameters_have_types_and_what_does_not_fit_is_no_route() {
        let routes = routes(&["/items/{id:int}", "/items/new", "/keys/{key:uuid}", "/people/{name}"]);
        for (path, expected) in [
            ("/items/7", "/items/{id:int} id=7"),
            ("/items/-7?page=2&q=a+b", "/items/{id:int} id=-7 page=2 q=a b"),
            ("/items/new", "/items/new"),
            ("/items/seven", "nothing"),
            ("/items/+7", "nothing"),
            ("/items/9223372036854775808", "nothing"),
            ("/items", "nothing"),
            (
                "/keys/12345678-1234-1234-1234-123456789abc",
                "/keys/{key:uuid} key=12345678-1234-1234-1234-123456789abc",
            ),
            ("/keys/12345678-1234-1234-1234-123456789abg", "nothing"),
            ("/people/a%2Fb", "/people/{name} name=a/b"),
        ] {
            assert_eq!(at(&routes, path), expected, "{path}");
        }
    }

    #[test]
    fn optional_parts_may_be_missing_and_the_rest_is_one_parameter() {
        let routes = routes(&["/log/{year:int?}/{month:int?}", "/files/{*path}", "/all/{*path?}"]);
        for (path, expected) in [
            ("/log", "/log/{year:int?}/{month:int?}"),
            ("/log/2026", "/log/{year:int?}/{month:int?} year=2026"),
            ("/log/2026/5", "/log/{year:int?}/{month:int?} year=2026 month=5"),
            ("/log/2026/5/1", "nothing"),
            ("/files/a/b", "/files/{*path} path=a/b"),
            ("/files", "nothing"),
            ("/all", "/all/{*path?}"),
            ("/all/a/b", "/all/{*path?} path=a/b"),
        ] {
            assert_eq!(at(&routes, path), expected, "{path}");
        }
    }

    #[test]
    fn each_route_names_its_own_parameters() {
        let routes = routes(&["/items/{id}", "/items/{item}/edit", "/{tab?}"]);
        assert_eq!(at(&routes, "/items/1"), "/items/{id} id=1");
        assert_eq!(at(&routes, "/items/1/edit"), "/items/{item}/edit item=1");
        assert_eq!(at(&routes, "/"), "/{tab?}");
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_what_may_stand_there() {
        for (pattern, part) in [
            ("items", "starts with `/`"),
            ("/a{id}", "whole segment"),
            ("/{id:float}", "type is"),
            ("/{*rest:int}", "the rest of a path has none"),
            ("/{}", "name is"),
            ("/{a b}", "name is"),
            ("/{a?}/b", "follow an optional one"),
            ("/{*a}/b", "nothing follows"),
            ("/{a}/{a}", "stands before it"),
            ("/a?b", "stand in no other"),
            (&"/a".repeat(33), "more than 32 segments"),
        ] {
            let refused = Routes::default().insert(pattern, ()).unwrap_err().to_string();
            assert!(refused.contains(part), "{pattern}: {refused}");
        }
        let mut routes = routes(&["/a/{b}"]);
        assert!(routes.insert("/a/{c}", "").is_err(), "the same paths");
    }

    #[test]
    fn parameters_are_counted_up_to_their_limit() {
        let routes = routes(&["/{id}"]);
        let query = |count: usize| "a&".repeat(count);
        assert!(routes.at("/1", Some(&query(MAX_PARAMS - 1))).is_some());
        assert!(routes.at("/1", Some(&query(MAX_PARAMS))).is_none());
    }

    #[test]
    fn an_example_of_a_pattern_is_answered_by_it() {
        for pattern in ["/", "/a/{b:int}/{c:uuid}/{d}", "/{*rest}", "/a/{b?}"] {
            let path = example(pattern).unwrap();
            assert!(at(&routes(&[pattern]), &path).starts_with(pattern), "{pattern}: {path}");
        }
    }
}
