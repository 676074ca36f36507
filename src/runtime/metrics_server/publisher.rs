//! Publishes the metrics of a recording: the loop tells what happens, and scrapes get the last page.

use std::sync::Arc;

use tokio::sync::watch;

use super::Published;
use crate::model::Figures;
use crate::model::recording::Entry;
use crate::record::metrics::{Metrics, Page};
use crate::record::{Observer, SessionKey, WriterStatus};

/// Publishes the metrics of the session that is recorded.
#[derive(Debug)]
pub struct MetricsPublisher {
    metrics: Metrics,
    pages: watch::Sender<Arc<Page>>,
}

impl MetricsPublisher {
    /// Returns a publisher for a target, and where its pages are published. There is a page from the start.
    pub fn new(target: &str) -> (Self, Published) {
        let mut metrics = Metrics::new(target);
        let first = metrics.page(&Figures::default(), WriterStatus::default());
        let (pages, published) = watch::channel(Arc::new(first));
        (Self { metrics, pages }, published)
    }
}

/// `record` has one session.
impl Observer for MetricsPublisher {
    fn begin(&mut self, _: SessionKey, _: &str) {
        self.metrics.begin();
    }

    fn observe(&mut self, _: SessionKey, entries: &[Entry]) {
        self.metrics.read(entries);
    }

    fn figures(&mut self, _: SessionKey, figures: &Figures, written: WriterStatus) {
        self.pages.send_replace(Arc::new(self.metrics.page(figures, written)));
    }
}
