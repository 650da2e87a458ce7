"""Lighthouse and the byte budget of the catalogue's pages: a showroom with 200 cars, 20 photos a car.

Lighthouse runs as it does by default for mobile: simulated slow 4G and a processor four times slower; the median of
the runs counts. The first run of each page is with a warm server. With --url it looks at running pages instead.
"""

import argparse
import asyncio
import re
import shutil
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from bench import node_tools
from bench.full_shop import open_shop
from bench.lab import Edges, Machine, Process, Verdicts, lab

_LIGHTHOUSE = "12.2.3"  # the newest that runs on Node 20
_VNU = "26.9.27"
_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_KB = 1024
_MOST_LCP_S, _MOST_CLS, _MOST_TBT_MS = 1.5, 0.0, 30.0
_MOST_HTML_KB, _MOST_CSS_KB, _MOST_JS_KB = 18, 8, 6
_CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
_PROCESSOR_TIME = Path(__file__).with_name("processor_time.mjs")
_STYLE = re.compile(rb"<style\b[^>]*>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    scores: Mapping[str, int]
    lcp_s: float
    cls: float
    tbt_ms: float
    tbt_alone_ms: float
    requests: Sequence[Mapping[str, Any]]
    failed_audits: Sequence[str]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cars", type=int, default=200)
    parser.add_argument("--photos", type=int, default=20)
    parser.add_argument("--url", action="append", default=[], help="a running page; may be repeated")
    parser.add_argument("--keep", type=Path, help="a folder for Lighthouse's reports")
    options = parser.parse_args()
    verdict, machine = Verdicts(), Machine()
    async with lab() as one:
        pages = options.url or await _pages(one, options)
        keep = options.keep or one.folder / "reports"
        keep.mkdir(parents=True, exist_ok=True)
        for url in pages:
            await _page(url, options.runs, keep, verdict)
    print(machine)
    verdict.exit()


async def _pages(one, options: argparse.Namespace) -> list[str]:
    process = one.daemon(
        Edges(Process((), {}, ""), "http://127.0.0.1:9", "http://127.0.0.1:9"), RATE_LIMIT_MAX_REQUESTS="1000000"
    )
    uploads = one.folder / "daemon" / "uploads"
    slug, car = await open_shop(one, uploads, cars=options.cars, photos=options.photos)
    port = urlsplit(process.url).port
    process.environ = {**process.environ, "APP_URL": f"http://localhost:{port}"}
    await process.start()
    return [f"http://{slug}.localhost:{port}{path}" for path in ("/", "/mobil", f"/{car}")]


async def _page(url: str, count: int, keep: Path, verdict: Verdicts) -> None:
    path = urlsplit(url).path
    print(f"\n{url}")
    await _bytes(url, verdict)
    runs = [await _run(url, keep / f"{path.strip('/') or 'home'}-{n + 1}.json") for n in range(count)]
    for name in _CATEGORIES:
        score = statistics.median_low([run.scores[name] for run in runs])
        verdict(f"{path} {name}: {score} of {[run.scores[name] for run in runs]} (100)", score == 100)
    for line in sorted({line for run in runs for line in run.failed_audits}):
        print(f"        {line}")
    lcp, cls, tbt, alone = (
        statistics.median(getattr(run, name) for run in runs) for name in ("lcp_s", "cls", "tbt_ms", "tbt_alone_ms")
    )
    verdict(f"{path} LCP {lcp:.2f} s (<= {_MOST_LCP_S:g} s)", lcp <= _MOST_LCP_S)
    verdict(f"{path} CLS {cls:.4f} (0)", cls <= _MOST_CLS)
    verdict(f"{path} TBT {tbt:.0f} ms (<= {_MOST_TBT_MS:g} ms)", tbt <= _MOST_TBT_MS)
    print(f"        TBT {alone:.0f} ms by processor time, so without what its tasks waited for a core")
    _network(url, runs[0].requests, verdict)


async def _run(url: str, report: Path) -> Run:
    folder = await node_tools.installed("lighthouse", _LIGHTHOUSE)
    temporary = report.parent / "chromium"
    temporary.mkdir(exist_ok=True)
    artifacts = temporary / "artifacts"
    command = ["node", str(folder / "cli/index.js"), url, "--output=json", f"--output-path={report}", "--quiet",
               f"-GA={artifacts}", f"--chrome-flags={_CHROMIUM}", "--no-enable-error-reporting"]  # fmt: skip
    alone = ["node", str(_PROCESSOR_TIME), str(folder), str(artifacts)]
    environ = {"CHROME_PATH": shutil.which("chromium") or "", "TMPDIR": str(temporary)}
    try:
        await node_tools.output(command, timeout_s=120, environ=environ)
        seen = _report(url, report)
        return _read(seen, tbt_alone_ms=float(await node_tools.output(alone, timeout_s=60)))
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _report(url: str, file: Path) -> Mapping[str, Any]:
    seen: Mapping[str, Any] = orjson.loads(file.read_bytes())
    if "runtimeError" in seen:
        raise RuntimeError(f"{url}: {seen['runtimeError']['message']}")
    return seen


def _read(seen: Mapping[str, Any], *, tbt_alone_ms: float) -> Run:
    audits = seen["audits"]
    return Run(
        scores={name: round((seen["categories"][name]["score"] or 0) * 100) for name in _CATEGORIES},
        lcp_s=audits["largest-contentful-paint"]["numericValue"] / 1e3,
        cls=audits["cumulative-layout-shift"]["numericValue"],
        tbt_ms=audits["total-blocking-time"]["numericValue"],
        tbt_alone_ms=tbt_alone_ms,
        requests=audits["network-requests"]["details"]["items"],
        failed_audits=[
            f"{name}: {audits[ref['id']]['title']} {audits[ref['id']].get('displayValue', '')}".rstrip()
            for name in _CATEGORIES
            for ref in seen["categories"][name]["auditRefs"]
            if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 1 and audits[ref["id"]]["score"] is not None
        ],
    )


async def _bytes(url: str, verdict: Verdicts) -> None:
    """As a browser that takes gzip gets the page: what is on the wire, and what is in it."""
    path = urlsplit(url).path
    host = urlsplit(url).netloc
    address = url.replace(host, f"127.0.0.1:{urlsplit(url).port or 80}")
    headers = {"Host": host, "Accept-Encoding": "gzip"}
    async with (
        aiohttp.ClientSession(auto_decompress=False) as http,
        http.get(address, headers=headers) as packed,
        http.get(address, headers={**headers, "Accept-Encoding": "identity"}) as plain,
    ):
        wire, page = len(await packed.read()), await plain.read()
        encoding = packed.headers.get("Content-Encoding", "none")
    styles = sum(len(part) for part in _STYLE.findall(page))
    verdict(f"{path} HTML {wire / _KB:.1f} kB on the wire, encoding {encoding} (<= {_MOST_HTML_KB})",
            wire <= _MOST_HTML_KB * _KB)  # fmt: skip
    verdict(f"{path} of it inline CSS {styles / _KB:.1f} kB unpacked (<= {_MOST_CSS_KB})", styles <= _MOST_CSS_KB * _KB)
    await _html(page, path, verdict)


async def _html(page: bytes, path: str, verdict: Verdicts) -> None:
    if shutil.which("java") is None:
        print("        the HTML is not validated: no java on this machine")
        return
    folder = await node_tools.installed("vnu-jar", _VNU)
    checked = folder / "checked.html"
    checked.write_bytes(page)
    command = ["java", "-jar", str(folder / "build/dist/vnu.jar"), "--format", "json", "--stdout"]
    out = await node_tools.output([*command, "--exit-zero-always", str(checked)], timeout_s=60)
    found = orjson.loads(out)["messages"]
    errors = sum(one["type"] == "error" for one in found)
    verdict(f"{path} HTML errors by the Nu checker: {errors} (0), remarks: {len(found) - errors}", errors == 0)
    for one in found[:10]:
        print(f"        line {one.get('lastLine')}: {one['type']}: {one['message']}")


def _network(url: str, requests: Sequence[Mapping[str, Any]], verdict: Verdicts) -> None:
    path, host = urlsplit(url).path, urlsplit(url).netloc
    sizes: Counter[str] = Counter()
    for one in requests:
        sizes[one.get("resourceType", "Other")] += one.get("transferSize", 0)
    total = f"{sum(sizes.values()) / _KB:.0f} kB in {len(requests)} requests"
    print(f"        {total}: " + ", ".join(f"{kind} {size / _KB:.1f}" for kind, size in sizes.most_common()))
    scripts = sum(one.get("resourceSize", 0) for one in requests if one.get("resourceType") == "Script")
    verdict(f"{path} JS {scripts / _KB:.1f} kB unpacked (<= {_MOST_JS_KB})", scripts <= _MOST_JS_KB * _KB)
    strangers = {
        parts.netloc
        for one in requests
        if (parts := urlsplit(one["url"])).scheme not in ("data", "blob") and parts.netloc != host
    }
    verdict(f"{path} hosts of third parties: {', '.join(sorted(strangers)) or 'none'} (none)", not strangers)
    fonts = sum(one.get("resourceType") == "Font" for one in requests)
    verdict(f"{path} web fonts: {fonts} (0)", fonts == 0)
    broken = [one["url"] for one in requests if one.get("statusCode", 200) >= 400]
    verdict(f"{path} requests that failed: {', '.join(broken) or 'none'} (none)", not broken)


if __name__ == "__main__":
    asyncio.run(main())
