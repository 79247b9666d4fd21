//! The job list: which jobs, in which order, and which page of them; and the pages of the version list.

use super::{
    answers,
    state::{Job, Version},
};
use crate::{
    call::Object,
    failure::Failure,
    query::QueryParameters,
    resources::Status,
    seed::DEFAULT_WORKSPACE,
    store::{Filter, Listing, Page, Paging, Sort},
};

const HIGHEST_PAGE: usize = 65_535;

const PAGING: Paging =
    Paging { page: "page", first: 1, size: "per_page", default_size: 10, largest_size: 1_000 };

const LISTING: Listing = Listing {
    filters: &[
        Filter::IsNumber { parameter: "status", highest: Status::HIGHEST.0 },
        Filter::Contains { parameter: "search_content", fields: &["job_name", "job_desc"] },
        Filter::IsOr { parameter: WORKSPACE, default: DEFAULT_WORKSPACE },
    ],
    sort: Sort {
        parameter: "sortBy",
        fields: &["job_name", "job_desc", "status", "duration", "version_count", "create_time"],
        is_descending: false,
    },
    paging: PAGING,
};

/// Selects jobs, and is shown by none.
const WORKSPACE: &str = "workspace_id";

/// The page of the jobs that a query asks for. Jobs that are equal in what they are sorted by are in the order of their ids.
pub(crate) fn page_of<'a>(
    jobs: impl Iterator<Item = &'a Job>,
    query: &QueryParameters,
) -> Result<Page, Failure> {
    let entries = jobs.map(|job| {
        let mut entry = answers::job_entry(job).into_properties();
        entry.insert(WORKSPACE.to_owned(), job.workspace.as_str().into());
        entry
    });
    let mut page = LISTING.page_of(entries, query)?;
    page.objects.iter_mut().for_each(|entry: &mut Object| {
        entry.remove(WORKSPACE);
    });
    Ok(page)
}

/// The versions of a job that a query asks for. Unlike elsewhere, the page can be 0, and is by default: it stands for all versions,
/// without pages.
pub(crate) fn versions_of<'a>(job: &'a Job, query: &QueryParameters) -> Result<Vec<&'a Version>, Failure> {
    let size = query.number(PAGING.size, 1..=PAGING.largest_size)?.unwrap_or(PAGING.default_size);
    let page = query.number(PAGING.page, 0..=HIGHEST_PAGE)?.unwrap_or(0);
    let (before, size) = match page {
        0 => (0, usize::MAX),
        page => (page.saturating_sub(1).saturating_mul(size), size),
    };
    Ok(job.versions.iter().skip(before).take(size).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    fn list(query: &str) -> (usize, Vec<i64>) {
        let jobs = seed::jobs();
        let page = page_of(jobs.iter(), &QueryParameters::parse(Some(query)).unwrap()).unwrap();
        assert!(page.objects.iter().all(|entry| !entry.contains_key(WORKSPACE)));
        (page.total, page.objects.iter().map(|entry| entry["job_id"].as_i64().unwrap()).collect())
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

    fn is_refused(query: &str) -> bool {
        let parsed = QueryParameters::parse(Some(query));
        parsed.and_then(|query| page_of(seed::jobs().iter(), &query)).is_err()
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
            assert!(is_refused(query), "{query}");
        }
        for query in ["page=65535", "per_page=1000", "status=21", "search_content=", "unknown=1"] {
            assert!(!is_refused(query), "{query}");
        }
        let umlauts = format!("search_content={}", "%C3%BC".repeat(64));
        assert!(!is_refused(&umlauts));
    }

    #[test]
    fn page_0_of_the_versions_is_all_of_them() {
        let jobs = seed::jobs();
        let job = jobs.iter().find(|job| job.id == seed::JOB_MANY_VERSIONS).unwrap();
        let versions = |query| versions_of(job, &QueryParameters::parse(Some(query)).unwrap());
        let count = |query| versions(query).unwrap().len();
        assert_eq!(count(""), 23);
        assert_eq!(count("per_page=5"), 23);
        assert_eq!(count("page=0&per_page=5"), 23);
        assert_eq!(count("page=1"), 10);
        assert_eq!(count("page=5&per_page=5"), 3);
        assert_eq!(count("page=6&per_page=5"), 0);
        assert!(versions("page=-1").is_err());
    }
}
