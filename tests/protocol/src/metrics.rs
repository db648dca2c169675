//! Metrics as a scraper reads them.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use hothouse_test_client::{Client, Page};

/// All samples of one scrape.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// The answer as it came.
    pub page: Page,
    samples: BTreeMap<String, f64>,
}

impl Metrics {
    /// What a server counts, scraped from the address where it answers operators.
    ///
    /// # Errors
    /// When there is no answer, or one that is no metrics.
    pub async fn scrape(operations: SocketAddr) -> anyhow::Result<Self> {
        let page = Client::new(operations).get("/metrics").await?;
        if page.status != 200 {
            bail!("{} for /metrics: {}", page.status, page.body);
        }
        Self::parse(page)
    }

    fn parse(page: Page) -> anyhow::Result<Self> {
        let mut samples = BTreeMap::new();
        for line in page.body.lines().filter(|line| !line.starts_with('#')) {
            let (series, value) = line.rsplit_once(' ').with_context(|| format!("a sample: {line}"))?;
            samples.insert(series.to_owned(), value.parse().with_context(|| format!("a number: {line}"))?);
        }
        Ok(Self { page, samples })
    }

    /// The value of a series such as `hothouse_sockets{tenant="test"}`; 0 if there is none yet.
    pub fn get(&self, series: &str) -> f64 {
        self.samples.get(series).copied().unwrap_or(0.0)
    }

    /// The values of all series of a metric that have this label, together.
    pub fn sum(&self, name: &str, label: &str) -> f64 {
        let is_of = |series: &str| series.split('{').next() == Some(name) && series.contains(label);
        self.samples.iter().filter(|(series, _)| is_of(series)).map(|(_, value)| value).sum()
    }

    /// Every series that moved since `former`, without the sums and buckets of histograms, and by how much.
    pub fn moved_since(&self, former: &Self) -> Vec<(String, f64)> {
        self.samples
            .iter()
            .filter(|(series, _)| !series.contains("_sum{") && !series.contains("_bucket{"))
            .map(|(series, value)| (series.clone(), value - former.get(series)))
            .filter(|(_, moved)| *moved != 0.0)
            .collect()
    }
}
