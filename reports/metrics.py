"""metrics: gauges of the archive as Prometheus reads them. The only module that knows prometheus_client. Pure
but for the figures of this process itself.

Names follow https://prometheus.io/docs/practices/naming/; docs/monitoring.md explains each. Labels hold ids
and states, never an address or what somebody asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from platform import python_version

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from storage.model import CrawlTotals, Gauges, JobRun, State, Watched

Tasks = Mapping[tuple[str, str], int]  # name and state of the workers' tasks -> how many
_Told = tuple[tuple[str, ...], float]  # values of the labels, and the figure


def exposition(gauges: Gauges | None, tasks: Tasks | None = None, accept: str = "") -> tuple[bytes, str]:
    """The text and its content type: OpenMetrics where it is accepted, else Prometheus' own format.

    gauges: None where the archive could not be read; that is a figure, too. tasks: None where no workers are
    used.
    """
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(_Collector(gauges, tasks))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class _Collector(Collector):
    """What the library asks for figures."""

    def __init__(self, gauges: Gauges | None, tasks: Tasks | None) -> None:
        self._gauges, self._tasks = gauges, tasks

    def collect(self) -> Iterator[Metric]:
        """Every family, those without a figure too."""
        shown = self._gauges
        up = "Whether the archive answers and is of this version."
        yield _gauge("archive_up", up, [((), float(shown is not None))])
        if shown is not None:
            yield from _of_house(shown)
            yield from _of_crawls(shown.totals)
            yield from _of_sources(shown.sources)
            yield from _of_queue(shown)
            yield from _of_jobs(shown.jobs)
            yield from _of_archive(shown)
        if self._tasks is not None:
            told = [(key, float(number)) for key, number in sorted(self._tasks.items())]
            yield _gauge("tasks", "Tasks of the workers.", told, "task", "state")


def _of_house(shown: Gauges) -> Iterator[Metric]:
    build = (version("rasid"), shown.schema, python_version())
    said = "1; which version of Rasid answers, with which schema."
    yield _gauge("build_info", said, [(build, 1.0)], "version", "schema", "python")
    beats = [((each.role,), each.beat.timestamp()) for each in shown.heartbeats]
    yield _gauge("heartbeat_timestamp_seconds", "Last sign of life of who is at work.", beats, "role")


def _of_crawls(totals: Iterable[CrawlTotals]) -> Iterator[Metric]:
    known = tuple(totals)
    ended = [((each.source, name), n) for each in known for name, n in each.outcomes.items()]
    yield _counter("crawls", "Crawls, by what became of them.", ended, "source", "outcome")
    judged = [((each.source, name), n) for each in known for name, n in each.verdicts.items()]
    yield _counter("pages", "Pages of articles, by verdict.", judged, "source", "verdict")
    asked = [((each.source,), each.requests) for each in known]
    yield _counter("crawl_requests", "Requests to the sites, robots.txt included.", asked, "source")
    took = [((each.source,), each.seconds) for each in known]
    yield _counter("crawl_seconds", "Seconds from begin to end of crawls, waiting included.", took, "source")


def _of_sources(sources: Iterable[Watched]) -> Iterator[Metric]:
    watched = tuple(sources)
    states = [((s.source, state), float(s.state is state)) for s in watched if s.state for state in State]
    yield _gauge("source_state", "1 for the state in which a source is.", states, "source", "state")
    crawled = [((each.source,), each.last_crawl) for each in watched]
    yield _moment("source_last_crawl", "When the last crawl of a source ended.", crawled, "source")
    yield _gauge("sources", "Sources that are watched.", [((), len(watched))])
    overdue = sum(each.is_overdue for each in watched)
    said = "Sources not crawled for an hour longer than they should ever wait (poll_most)."
    yield _gauge("sources_overdue", said, [((), overdue)])


def _of_queue(shown: Gauges) -> Iterator[Metric]:
    yield _gauge("retries_due", "Pages to be tried again whose turn it is.", [((), shown.retries)])
    yield _gauge("revisits_due", "Articles to be looked at again whose turn it is.", [((), shown.revisits)])
    handed = [((state,), number) for state, number in shown.deliveries.items()]
    yield _gauge("deliveries", "Deliveries: all that wait, of the others a week's.", handed, "state")
    people = [((state,), number) for state, number in shown.subscribers.items()]
    yield _gauge("subscriptions", "Subscriptions.", people, "state")
    said = "Who subscribed on the pages and is still to be asked whether it was them."
    yield _gauge("questions_pending", said, [((), shown.questions)])


def _of_jobs(jobs: Iterable[JobRun]) -> Iterator[Metric]:
    ran = tuple(jobs)
    yield _counter("job_runs", "Runs of a job.", [((each.name,), each.runs) for each in ran], "name")
    failed = [((each.name,), each.failed) for each in ran]
    yield _counter("job_failures", "Runs of a job that did not go well.", failed, "name")
    took = [((each.name,), each.seconds) for each in ran]
    yield _counter("job_seconds", "Seconds that the runs of a job took.", took, "name")
    failing = [((each.name,), float(bool(each.error))) for each in ran]
    yield _gauge("job_failing", "Whether the last run of a job did not go well.", failing, "name")
    said = "When the last run of a job that went well had begun."
    yield _moment("job_last_success", said, [((each.name,), each.good) for each in ran], "name")


def _of_archive(shown: Gauges) -> Iterator[Metric]:
    last = [((series,), until) for series, until in shown.issues.items()]
    said = "Where the last issue ends of a series that somebody gets, alerts left out."
    yield _moment("last_issue", said, last, "series")
    backup = [((), each.good) for each in shown.jobs if each.name == "backup"]
    yield _moment("last_backup", "When the last backup that went well had begun.", backup)
    yield _moment("last_article", "When an article was recorded last.", [((), shown.last_article)])
    said = "Numbers given to {}: about as many as there are, those merged or forgotten since included."
    yield _gauge("articles_numbered", said.format("articles"), [((), shown.articles)])
    yield _gauge("stories_numbered", said.format("stories"), [((), shown.stories)])


def _counter(name: str, said: str, told: Iterable[_Told], *labels: str) -> Metric:
    return _filled(CounterMetricFamily(f"rasid_{name}", said, labels=labels), told)


def _gauge(name: str, said: str, told: Iterable[_Told], *labels: str) -> Metric:
    return _filled(GaugeMetricFamily(f"rasid_{name}", said, labels=labels), told)


def _moment(
    name: str, said: str, told: Iterable[tuple[tuple[str, ...], datetime | None]], *labels: str
) -> Metric:
    known = [(values, moment.timestamp()) for values, moment in told if moment is not None]
    return _gauge(f"{name}_timestamp_seconds", said, known, *labels)


def _filled(
    family: CounterMetricFamily | GaugeMetricFamily, told: Iterable[_Told]
) -> CounterMetricFamily | GaugeMetricFamily:
    for values, number in told:
        family.add_metric(values, number)
    return family
