//! The job list: which jobs, in which order, and which page of them; and the pages of the version list.

use std::cmp::Ordering;

use crate::{
    failure::Failure,
    query::QueryParameters,
    seed::DEFAULT_WORKSPACE,
    state::{Job, Version},
    status::Status,
};

const DEFAULT_PAGE_SIZE: usize = 10;
const PAGE_SIZES: std::ops::RangeInclusive<usize> = 1..=1_000;
const HIGHEST_PAGE: usize = 65_535;
const LONGEST_SEARCH: usize = 64;

/// What jobs are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SortKey {
    Name,
    Description,
    Status,
    Duration,
    VersionCount,
    CreateTime,
}

/// The parameters of the job list, each checked, and with its default where it is left out.
#[derive(Debug)]
pub(crate) struct JobQuery {
    status: Option<Status>,
    page_size: usize,
    page: usize,
    sort_key: SortKey,
    descending: bool,
    search: String,
    workspace: String,
}

/// A page of the job list.
#[derive(Debug)]
pub(crate) struct JobPage<'a> {
    /// How many jobs all pages hold.
    pub(crate) total: usize,
    pub(crate) jobs: Vec<&'a Job>,
}

impl JobQuery {
    pub(crate) fn parse(query: Option<&str>) -> Result<Self, Failure> {
        let parameters = QueryParameters::parse(query)?;
        let sort_keys = [
            ("job_name", SortKey::Name),
            ("job_desc", SortKey::Description),
            ("status", SortKey::Status),
            ("duration", SortKey::Duration),
            ("version_count", SortKey::VersionCount),
            ("create_time", SortKey::CreateTime),
        ];
        let search = parameters.text("search_content")?.unwrap_or_default();
        if search.chars().count() > LONGEST_SEARCH {
            return Err(Failure::parameter("The parameter search_content is longer than 64 characters."));
        }
        Ok(Self {
            status: parameters.number("status", 0..=Status::HIGHEST.0)?.map(Status),
            page_size: parameters.number("per_page", PAGE_SIZES)?.unwrap_or(DEFAULT_PAGE_SIZE),
            page: parameters.number("page", 1..=HIGHEST_PAGE)?.unwrap_or(1),
            sort_key: parameters.word("sortBy", &sort_keys)?.unwrap_or(SortKey::Name),
            descending: parameters.word("order", &[("asc", false), ("desc", true)])?.unwrap_or(false),
            search: search.to_lowercase(),
            workspace: parameters.text("workspace_id")?.unwrap_or(DEFAULT_WORKSPACE).to_owned(),
        })
    }

    /// The page that this query asks for. Jobs that are equal in what they are sorted by are in the order of their ids.
    pub(crate) fn page_of<'a>(&self, jobs: impl Iterator<Item = &'a Job>) -> JobPage<'a> {
        let mut found = jobs.filter(|job| self.matches(job)).collect::<Vec<_>>();
        found.sort_by(|left, right| {
            let order = self.sort_key.compare(left, right);
            let order = if self.descending { order.reverse() } else { order };
            order.then(left.id.cmp(&right.id))
        });
        let total = found.len();
        JobPage { total, jobs: page(found, self.page, self.page_size) }
    }

    /// The search looks into names and descriptions and does not tell upper from lower case.
    fn matches(&self, job: &Job) -> bool {
        let contains = |text: &str| text.to_lowercase().contains(&self.search);
        job.workspace == self.workspace
            && self.status.is_none_or(|status| job.status() == status)
            && (contains(&job.name) || job.description.as_deref().is_some_and(contains))
    }
}

impl SortKey {
    fn compare(self, left: &Job, right: &Job) -> Ordering {
        let newest = |job: &Job, of: fn(&Version) -> i64| job.newest().map(of);
        match self {
            Self::Name => left.name.cmp(&right.name),
            Self::Description => left.description.cmp(&right.description),
            Self::Status => left.status().cmp(&right.status()),
            Self::Duration => {
                let duration = |version: &Version| version.duration.unwrap_or_default();
                newest(left, duration).cmp(&newest(right, duration))
            }
            Self::VersionCount => left.versions.len().cmp(&right.versions.len()),
            Self::CreateTime => {
                let create_time = |version: &Version| version.create_time;
                newest(left, create_time).cmp(&newest(right, create_time))
            }
        }
    }
}

/// The parameters of the version list.
#[derive(Debug)]
pub(crate) struct VersionQuery {
    page_size: usize,
    /// 0 stands for all versions, without pages.
    page: usize,
}

impl VersionQuery {
    pub(crate) fn parse(query: Option<&str>) -> Result<Self, Failure> {
        let parameters = QueryParameters::parse(query)?;
        Ok(Self {
            page_size: parameters.number("per_page", PAGE_SIZES)?.unwrap_or(DEFAULT_PAGE_SIZE),
            page: parameters.number("page", 0..=HIGHEST_PAGE)?.unwrap_or(0),
        })
    }

    pub(crate) fn page_of<'a>(&self, job: &'a Job) -> Vec<&'a Version> {
        let versions = job.versions.iter().collect();
        if self.page == 0 { versions } else { page(versions, self.page, self.page_size) }
    }
}

/// The page of the given number, counted from 1.
fn page<T>(items: Vec<T>, number: usize, size: usize) -> Vec<T> {
    let before = number.saturating_sub(1).saturating_mul(size);
    items.into_iter().skip(before).take(size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    fn list(query: &str) -> (usize, Vec<i64>) {
        let jobs = seed::jobs();
        let page = JobQuery::parse(Some(query)).unwrap().page_of(jobs.iter());
        (page.total, page.jobs.iter().map(|job| job.id).collect())
    }

    #[test]
    fn pages_are_disjoint_and_together_hold_all() {
        let mut seen = Vec::new();
        for page in 1..=4 {
            let (total, ids) = list(&format!("page={page}"));
            assert_eq!(total, seed::JOBS_IN_DEFAULT_WORKSPACE);
            assert_eq!(ids.len(), [10, 10, 9, 0][page - 1]);
            assert_eq!(ids.contains(&seed::JOB_DELETES), page == 1);
            assert_eq!(ids.contains(&seed::JOB_SECOND_PAGE), page == 2);
            assert_eq!(ids.contains(&seed::JOB_THIRD_PAGE), page == 3);
            seen.extend(ids);
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), seed::JOBS_IN_DEFAULT_WORKSPACE);
    }

    #[test]
    fn every_sort_key_gives_another_order() {
        let keys = ["job_name", "job_desc", "status", "duration", "version_count", "create_time"];
        let orders = keys.map(|key| list(&format!("per_page=1000&sortBy={key}")).1);
        for (index, order) in orders.iter().enumerate() {
            assert!(orders.iter().skip(index + 1).all(|other| other != order), "{}", keys[index]);
        }
        let longest = list("sortBy=duration&order=desc&per_page=1").1;
        assert_eq!(longest, [seed::JOB_REFUSED_WITH_200]);
        let most_versions = list("sortBy=version_count&order=desc&per_page=1").1;
        assert_eq!(most_versions, [seed::JOB_MANY_VERSIONS]);
    }

    #[test]
    fn filters_select() {
        assert_eq!(list("status=14").1, [25]);
        assert_eq!(list("search_content=FAILS").0, 0);
        assert_eq!(list("search_content=BERT").1, [seed::JOB_REFUSED_WITH_200, 22]);
        assert_eq!(list("search_content=%E4%B8%AD%E6%96%87").1, [38]);
        assert_eq!(list("search_content=job+adv").1, [26]);
        assert!(
            list(&format!("workspace_id={}", seed::OTHER_WORKSPACE)).1.contains(&seed::JOB_OTHER_WORKSPACE)
        );
        assert_eq!(list("workspace_id=none").0, 0);
    }

    #[test]
    fn values_out_of_their_ranges_are_refused() {
        for query in [
            "page=0",
            "page=65536",
            "page=one",
            "page=",
            "per_page=0",
            "per_page=1001",
            "per_page=-1",
            "status=22",
            "status=3%7C5",
            "sortBy=job_id",
            "sortBy=Job_Name",
            "order=ascending",
            "page=1&page=2",
            "search_content=%FF",
            &format!("search_content={}", "x".repeat(65)),
        ] {
            assert!(JobQuery::parse(Some(query)).is_err(), "{query}");
        }
        for query in ["page=65535", "per_page=1000", "status=21", "search_content=", "unknown=1"] {
            assert!(JobQuery::parse(Some(query)).is_ok(), "{query}");
        }
        let umlauts = format!("search_content={}", "%C3%BC".repeat(64));
        assert!(JobQuery::parse(Some(&umlauts)).is_ok());
    }

    #[test]
    fn page_0_of_the_versions_is_all_of_them() {
        let jobs = seed::jobs();
        let job = jobs.iter().find(|job| job.id == seed::JOB_MANY_VERSIONS).unwrap();
        let count = |query| VersionQuery::parse(Some(query)).unwrap().page_of(job).len();
        assert_eq!(count(""), 23);
        assert_eq!(count("per_page=5"), 23);
        assert_eq!(count("page=0&per_page=5"), 23);
        assert_eq!(count("page=1"), 10);
        assert_eq!(count("page=5&per_page=5"), 3);
        assert_eq!(count("page=6&per_page=5"), 0);
        assert!(VersionQuery::parse(Some("page=-1")).is_err());
    }
}
