//! Each kind of fault, as a client sees it and as the journal has it.

use reqwest::{Client, Method, Response};

use super::*;
use crate::{Settings, Simulator, credentials};

async fn simulator(plan: FaultPlan) -> Simulator {
    let plan = plan.slow(std::time::Duration::from_millis(40)).stall(std::time::Duration::from_millis(80));
    Simulator::start_with(Settings { faults: Some(plan), ..Settings::default() }).await.unwrap()
}

/// One request with the good token, as a part of a call.
async fn ask(
    simulator: &Simulator,
    client: &Client,
    call: &str,
    method: Method,
    rest: &str,
) -> reqwest::Result<Response> {
    let url = format!("{}/v1/{}/{rest}", simulator.endpoint(), credentials::PROJECT_ID);
    let mut request = client.request(method.clone(), url).header("X-Auth-Token", credentials::TOKEN);
    if method == Method::POST {
        request =
            request.header("content-type", "application/json").body(format!(r#"{{"name":"name-{call}"}}"#));
    }
    request.header("X-Simulator-Call", call).send().await
}

/// What comes of creating a workspace when that befalls every request: status and body, or that it broke.
async fn created(kind: FaultKind) -> (Option<(u16, String)>, JournalEntry) {
    let simulator = simulator(FaultPlan::new(1).rate(kind, 1.0)).await;
    let answer = ask(&simulator, &Client::new(), "one", Method::POST, "workspaces").await;
    let seen = match answer {
        Ok(answer) => {
            let status = answer.status().as_u16();
            answer.text().await.ok().map(|text| (status, text))
        }
        Err(_) => None,
    };
    (seen, simulator.journal().pop().unwrap())
}

#[tokio::test]
async fn connections_break_before_and_after_the_service_has_done_its_work() {
    for (kind, had_effect) in [
        (FaultKind::Refused, false),
        (FaultKind::Reset, false),
        (FaultKind::LostAnswer, true),
        (FaultKind::HalfBody, true),
        (FaultKind::LengthTooLong, true),
        (FaultKind::StalledHead, true),
        (FaultKind::StalledBody, true),
    ] {
        let (seen, entry) = created(kind).await;
        assert_eq!(seen, None, "{kind}");
        assert_eq!((entry.fault, entry.had_effect), (Some(kind), had_effect), "{kind}");
        assert_eq!((entry.call.as_str(), entry.method.as_str()), ("one", "POST"));
    }
}

#[tokio::test]
async fn answers_are_refusals_or_spoiled() {
    for (kind, status, part, had_effect) in [
        (FaultKind::LengthTooShort, 200, "{", true),
        (FaultKind::SlowHead, 200, "name-one", true),
        (FaultKind::SlowBody, 200, "name-one", true),
        (FaultKind::ThrottledSeconds, 429, "ModelArts.2799", false),
        (FaultKind::ThrottledDate, 429, "ModelArts.2799", false),
        (FaultKind::InternalError, 500, "ModelArts.6102", false),
        (FaultKind::Unavailable, 503, "ModelArts.4700", false),
        (FaultKind::Conflict, 409, "ModelArts.0105", false),
        (FaultKind::Html, 200, "<html>", false),
        (FaultKind::WrongTypes, 200, r#""name":{"unexpected":true}"#, true),
        (FaultKind::ExpiredToken, 401, "has expired", false),
        (FaultKind::FailureWithSuccess, 200, r#""is_success":false"#, false),
    ] {
        let (seen, entry) = created(kind).await;
        let (seen, text) = seen.unwrap_or_else(|| panic!("{kind}"));
        assert!(seen == status && text.contains(part), "{kind}: {seen} {text}");
        assert_eq!((entry.fault, entry.had_effect), (Some(kind), had_effect), "{kind}");
    }
}

#[tokio::test]
async fn a_bad_gateway_has_lost_the_request_or_the_answer() {
    let simulator = simulator(FaultPlan::new(1).rate(FaultKind::BadGateway, 1.0)).await;
    let client = Client::new();
    for number in 0..20 {
        let call = number.to_string();
        let answer = ask(&simulator, &client, &call, Method::POST, "workspaces").await.unwrap();
        assert_eq!(answer.status(), 502);
    }
    let effects = simulator.journal().iter().filter(|entry| entry.had_effect).count();
    assert!((5..=15).contains(&effects), "{effects}");
}

#[tokio::test]
async fn who_throttles_says_when_to_come_back() {
    let simulator = simulator(FaultPlan::new(1).rate(FaultKind::ThrottledDate, 1.0)).await;
    let answer = ask(&simulator, &Client::new(), "", Method::GET, "workspaces").await.unwrap();
    let date = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    let (now, then) = (date("date"), date("retry-after"));
    assert!(now.ends_with("GMT") && then.ends_with("GMT") && now != then, "{now} {then}");
    let seconds = self::simulator(FaultPlan::new(1).rate(FaultKind::ThrottledSeconds, 1.0)).await;
    let answer = ask(&seconds, &Client::new(), "", Method::GET, "workspaces").await.unwrap();
    assert_eq!(answer.headers().get("retry-after").unwrap(), "1");
}

#[tokio::test]
async fn nobody_listens_after_a_refusal_and_then_somebody_does() {
    let plan = FaultPlan::new(1).rate(FaultKind::Refused, 1.0).refusal(std::time::Duration::from_millis(300));
    let simulator = simulator(plan).await;
    ask(&simulator, &Client::new(), "one", Method::GET, "workspaces").await.unwrap_err();
    let journal = || format!("{}/simulator/journal", simulator.endpoint());
    let mut refused = 0;
    let answer = loop {
        match Client::new().get(journal()).send().await {
            Ok(answer) => break answer,
            Err(error) => {
                assert!(error.is_connect() || refused == 0, "{error:?}");
                refused += 1;
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert!(refused > 0);
    let text = answer.text().await.unwrap();
    assert!(text.contains(r#""fault":"refused""#) && text.lines().count() == 1, "{text}");
}

#[tokio::test]
async fn a_connection_is_closed_at_once() {
    let simulator = simulator(FaultPlan::new(1).rate(FaultKind::ClosedAtOnce, 1.0)).await;
    ask(&simulator, &Client::new(), "one", Method::GET, "workspaces").await.unwrap_err();
    assert_eq!(simulator.journal(), []);
}

#[tokio::test]
async fn a_list_repeats_itself() {
    let simulator = simulator(FaultPlan::new(1).rate(FaultKind::RepeatedPage, 1.0)).await;
    let client = Client::new();
    let mut pages = Vec::new();
    for page in 1..=3 {
        let rest = format!("training-jobs?per_page=5&page={page}");
        pages.push(ask(&simulator, &client, "one", Method::GET, &rest).await.unwrap().text().await.unwrap());
    }
    assert!(pages.iter().all(|page| Some(page) == pages.first()));
    let faults = simulator.journal().into_iter().map(|entry| entry.fault).collect::<Vec<_>>();
    assert_eq!(faults, [None, Some(FaultKind::RepeatedPage), Some(FaultKind::RepeatedPage)]);
}

#[tokio::test]
async fn a_deletion_fails_at_first() {
    let simulator = simulator(FaultPlan::new(1).rate(FaultKind::DeletionFailsFirst, 1.0)).await;
    let client = Client::new();
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let answer = ask(&simulator, &client, "one", Method::DELETE, "training-jobs/12").await.unwrap();
        statuses.push(answer.status().as_u16());
    }
    assert_eq!(statuses, [500, 200]);
    let effects = simulator.journal().into_iter().map(|entry| entry.had_effect).collect::<Vec<_>>();
    assert_eq!(effects, [false, true]);
}

#[tokio::test]
async fn a_run_can_be_repeated_and_faults_can_be_declined() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        // These two befall whoever connects.
        let plan = FaultPlan::mixed(9, 0.5).rate(FaultKind::ClosedAtOnce, 0.0).rate(FaultKind::Refused, 0.0);
        let simulator = simulator(plan).await;
        let client = Client::new();
        for number in 0..40 {
            let call = format!("call-{number}");
            let _ = ask(&simulator, &client, &call, Method::GET, "workspaces").await;
        }
        runs.push(simulator.journal());
        let url = format!("{}/v1/{}/workspaces", simulator.endpoint(), credentials::PROJECT_ID);
        for _ in 0..40 {
            let request = client.get(&url).header("X-Auth-Token", credentials::TOKEN);
            let answer = request.header("X-Simulator-Faults", "off").send().await.unwrap();
            assert_eq!(answer.status(), 200);
        }
        assert_eq!(simulator.journal().len(), 40);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].iter().filter(|entry| entry.fault.is_some()).count() > 5);
}
