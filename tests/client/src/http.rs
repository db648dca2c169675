//! Pages: one HTTP/1.1 request each, cookies kept.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::PATIENCE;

/// A browser without a screen: an address and cookies.
#[derive(Debug, Clone)]
pub struct Client {
    address: SocketAddr,
    cookies: BTreeMap<String, String>,
}

/// An answered page request.
#[derive(Debug, Clone)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// The path that was asked for.
    pub path: String,
}

/// The main view's element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewElement {
    /// `id`.
    pub id: String,
    /// `data-phx-session`.
    pub session: String,
    /// `data-phx-static`.
    pub static_token: String,
    /// What is inside, as it was sent.
    pub content: String,
}

impl Client {
    /// Without cookies.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, cookies: BTreeMap::new() }
    }

    /// The address it talks to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The `Cookie` header, if there is any cookie.
    pub fn cookie_header(&self) -> Option<String> {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Sets a cookie, as a script would.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Gets a page.
    ///
    /// # Errors
    /// When there is no complete answer.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Page> {
        self.get_with(path, &[]).await
    }

    /// Gets a page with more headers.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> anyhow::Result<Page> {
        self.request("GET", path, headers, "").await
    }

    /// Asks for the head of a page only.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn head(&mut self, path: &str) -> anyhow::Result<Page> {
        self.request("HEAD", path, &[], "").await
    }

    /// Sends a body: a form, unless a header says otherwise. Follows no redirect.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &str) -> anyhow::Result<Page> {
        let length = body.len().to_string();
        let mut all = vec![("content-length", length.as_str())];
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            all.push(("content-type", "application/x-www-form-urlencoded"));
        }
        all.extend(headers);
        self.request("POST", path, &all, body).await
    }

    async fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> anyhow::Result<Page> {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(cookies) = self.cookie_header() {
            request.push_str(&format!("cookie: {cookies}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut bytes))
            .await
            .with_context(|| format!("waited {PATIENCE:?} for the end of {path}"))??;
        let page = Page::parse(&bytes, path)?;
        for (_, cookie) in page.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').context("a cookie without a value")?;
            if attributes.to_ascii_lowercase().contains("max-age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(page)
    }
}

impl Page {
    fn parse(bytes: &[u8], path: &str) -> anyhow::Result<Self> {
        let end =
            bytes.windows(4).position(|window| window == b"\r\n\r\n").context("an answer without a head")?;
        let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default())?;
        let mut lines = head.split("\r\n");
        let status =
            lines.next().and_then(|line| line.split(' ').nth(1)).context("a status line")?.parse()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let mut body = bytes.get(end + 4..).unwrap_or_default().to_vec();
        if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
            body = unchunked(&body)?;
        }
        Ok(Self { status, headers, body: String::from_utf8_lossy(&body).into_owned(), path: path.to_owned() })
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The CSRF token in the page's head.
    ///
    /// # Errors
    /// When there is none.
    pub fn csrf_token(&self) -> anyhow::Result<String> {
        let tag = self.tag_with("name=\"csrf-token\"").context("no csrf-token meta tag")?;
        attribute(tag, "content").context("a csrf-token without content")
    }

    /// The main view's element.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn view(&self) -> anyhow::Result<ViewElement> {
        if self.body.matches("data-phx-main").count() != 1 {
            bail!("{} main views in {}", self.body.matches("data-phx-main").count(), self.body);
        }
        let tag = self.tag_with("data-phx-main").context("no main view")?;
        let after = self.body.split_once(tag).map_or("", |(_, after)| after);
        Ok(ViewElement {
            id: attribute(tag, "id").context("a view without id")?,
            session: attribute(tag, "data-phx-session").context("a view without session")?,
            static_token: attribute(tag, "data-phx-static").context("a view without static token")?,
            content: inner(after).context("a view's element that does not end")?.to_owned(),
        })
    }

    /// The body with this inside of the main view's element.
    ///
    /// # Errors
    /// As [`Page::view`].
    pub fn showing(&self, html: &str) -> anyhow::Result<String> {
        let former = self.view()?.content;
        let tag = self.tag_with("data-phx-main").context("no main view")?;
        let (before, after) = self.body.split_once(tag).context("no main view")?;
        let after = after.strip_prefix(former.as_str()).context("a view's element that does not end")?;
        Ok(format!("{before}{tag}{html}{after}"))
    }

    /// The text of `<title>`.
    pub fn title(&self) -> Option<&str> {
        self.body.split_once("<title")?.1.split_once('>')?.1.split_once("</title>").map(|(title, _)| title)
    }

    fn tag_with(&self, needle: &str) -> Option<&str> {
        let at = self.body.find(needle)?;
        let start = self.body.get(..at)?.rfind('<')?;
        let end = at + self.body.get(at..)?.find('>')?;
        self.body.get(start..=end)
    }
}

/// Up to the end tag that closes the `div` which is open.
fn inner(text: &str) -> Option<&str> {
    let mut depth = 1;
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let next = rest.find('<')?;
        let tag = rest.get(next..)?;
        if tag.starts_with("<div") {
            depth += 1;
        } else if tag.starts_with("</div") {
            depth -= 1;
            if depth == 0 {
                return text.get(..at + next);
            }
        }
        at += next + 1;
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag.get(at..)?.split_once('"')?.0;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

fn unchunked(mut bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = bytes.windows(2).position(|window| window == b"\r\n").context("a chunk without a size")?;
        let size =
            usize::from_str_radix(std::str::from_utf8(bytes.get(..line).unwrap_or_default())?.trim(), 16)?;
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(bytes.get(line + 2..line + 2 + size).context("a chunk that is cut")?);
        bytes = bytes.get(line + 4 + size..).context("a chunk that is cut")?;
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, ViewElement};

    const BODY: &str = "<!DOCTYPE html><html><head><meta name=\"csrf-token\" content=\"C&amp;1\">\
        <title data-suffix=\" shop\">Cart</title></head><body><div id=\"phx-A\" data-phx-main \
        data-phx-session=\"S\" data-phx-static=\"T\"><div>1 < 2</div><p>two</p></div></body></html>";

    fn page(head: &str, body: &str) -> Page {
        Page::parse(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}").as_bytes(), "/cart").unwrap()
    }

    #[test]
    fn a_page_shows_what_its_view_has_become() {
        let page = page("a: b", BODY);
        assert_eq!(page.showing("<i>3</i>").unwrap(), BODY.replace("<div>1 < 2</div><p>two</p>", "<i>3</i>"));
    }

    #[test]
    fn a_page_gives_what_a_client_reads_in_it() {
        let page = page("Content-Type: text/html\r\nX-A:  b ", BODY);
        assert_eq!(
            (page.status, page.header("content-type"), page.header("x-a")),
            (200, Some("text/html"), Some("b"))
        );
        assert_eq!((page.csrf_token().unwrap().as_str(), page.title()), ("C&1", Some("Cart")));
        let view = ViewElement {
            id: "phx-A".to_owned(),
            session: "S".to_owned(),
            static_token: "T".to_owned(),
            content: "<div>1 < 2</div><p>two</p>".to_owned(),
        };
        assert_eq!(page.view().unwrap(), view);
        assert_eq!(super::attribute("<a title=\"&amp;lt;&#39;\">", "title").as_deref(), Some("&lt;'"));
    }

    #[test]
    fn chunks_are_joined() {
        let page = page("transfer-encoding: chunked", "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n");
        assert_eq!(page.body, "abc0123456789");
        assert!(Page::parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", "/").is_err());
    }

    #[test]
    fn a_page_without_exactly_one_view_is_an_error() {
        assert!(page("a: b", "<p>no view</p>").view().is_err());
        assert!(page("a: b", &format!("{BODY}{BODY}")).view().is_err());
        assert!(page("a: b", "<p>no token</p>").csrf_token().is_err());
    }
}
