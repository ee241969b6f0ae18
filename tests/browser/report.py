"""Opens a report in Chromium as a manager would and fails on whatever a manager would complain about.

usage: python report.py REPORT.html [LANGUAGE] [--screenshots FOLDER]

Needs Chromium: its path is taken from CHROMIUM, else /usr/bin/chromium. LANGUAGE (en or zh) is what the report must be in.
"""

import argparse
import json
import os
import pathlib
import tempfile
import time

from playwright.sync_api import sync_playwright

OFFLINE = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
MOST_BYTES = 5_000_000
MOST_SECONDS = 2.0
HOSTILE = ["<script>document.title = 'taken'</script>", "\"=cmd|' /C calc'!A0", "\u202eright to left\u202c", "x" * 200, "<img src=x onerror=alert(1)>", "&lt;b&gt;", "__proto__"]


class Visit:
    """One open page, with everything it said or asked for."""

    def __init__(self, browser, address, width=1400, scheme="light", script=True):
        self.said, self.asked = [], []
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        began = time.monotonic()
        self.page.goto(address)
        self.page.wait_for_function("document.readyState === 'complete'")
        self.seconds = time.monotonic() - began

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.context.close()
        if kind is None:
            assert not self.said, self.said
            left = [url for url in self.asked if not url.startswith(("file:", "data:"))]
            assert not left, left

    def texts(self, selector):
        return self.page.locator(selector).all_inner_texts()


def data_of(page):
    return json.loads(page.locator("#data").text_content())


def first_screen(visit, data):
    page = visit.page
    dealers = len(data["dealers"])
    assert page.locator("svg.map .mark").count() == dealers, "a mark for every dealer"
    shown = set(page.eval_on_selector_all("svg.map .mark", "marks => marks.map(mark => mark.dataset.dealer)"))
    assert shown == {dealer["id"] for dealer in data["dealers"]}
    assert page.locator("svg.map > title").count() == 1 and page.locator("svg.map > desc").count() == 1
    amounts = page.eval_on_selector_all("#waterfall [data-amount]", "cells => cells.map(cell => cell.dataset.amount)")
    if amounts:
        units = [int(amount.replace(".", "")) for amount in amounts]
        assert units[0] + sum(units[1:-1]) == units[-1], "the waterfall adds up exactly"
        written = [int(text.replace(",", "")) for text in visit.texts("#waterfall td.num")]
        assert written[0] + sum(written[1:-1]) == written[-1], "and as it is written"
        assert page.locator("#waterfall rect").count() == 9
    columns = page.locator("svg.trend").first.locator("rect").count()
    assert columns == len(data["months"]), "a column for every month"


def accessible(visit):
    page = visit.page
    assert page.locator("h1").count() == 1
    assert page.locator("table:not(:has(caption))").count() == 0, "every table has a caption"
    assert page.locator("svg:not([role=img]):not([aria-hidden=true])").count() == 0, "every drawing has words or is hidden"
    assert page.locator("svg[role=img]:not([aria-label]):not([aria-labelledby])").count() == 0
    assert page.locator("[style]").count() == 0
    titles = page.eval_on_selector_all("nav a", "links => links.map(link => link.getAttribute('href').slice(1))")
    for title in titles:
        assert page.locator(f"#{title}").count() == 1, title


def column(host, number):
    return [text.strip() for text in host.locator(f"tbody tr:not(.why) > :nth-child({number})").all_inner_texts()]


def links(host):
    """Where the rows lead: names may be alike, dealers are not."""
    return host.locator("tbody tr:not(.why) > :nth-child(1) a").evaluate_all("links => links.map(link => link.hash)")


def amounts(texts):
    return [float(text.replace(",", "").replace("%", "").replace("+", "").strip()) for text in texts if text != "–"]


def sorting(visit):
    host = visit.page.locator("[data-table=dealers]")
    found = amounts(column(host, 4))
    assert found == sorted(found, reverse=True), "the highest sales come first"
    host.locator("thead button").nth(3).click()
    found = amounts(column(host, 4))
    assert found == sorted(found), "a second click turns the order"
    assert host.locator("[aria-sort=ascending]").count() == 1
    host.locator("thead button").nth(3).press("Enter")
    assert host.locator("[aria-sort=descending]").count() == 1, "the keyboard sorts as well"


def filtering(visit, data):
    host = visit.page.locator("[data-table=dealers]")
    for place, region in enumerate(data["regions"][:3] if len(data["regions"]) > 1 else []):
        host.locator("select[name=region]").select_option(str(place))
        assert set(column(host, 2)) <= {region}, region
    if len(data["regions"]) > 1:
        host.locator("select[name=region]").select_option("")
    kind = data["dealers"][0]["class"]
    host.locator("select[name=class]").select_option(kind)
    assert set(column(host, 3)) == {data["classes"][kind]}
    host.locator("select[name=class]").select_option("")
    wanted = data["dealers"][-1]
    host.locator("input").fill(wanted["id"])
    assert 1 <= len(column(host, 1)) <= len([dealer for dealer in data["dealers"] if wanted["id"].lower() in json.dumps(dealer, ensure_ascii=False).lower()])
    host.locator("input").fill("no dealer is called like this")
    assert host.locator("tbody tr").count() == 1
    host.locator("input").fill("")


def paging(visit, data):
    host = visit.page.locator("[data-table=dealers]")
    rows = host.locator("tbody tr").count()
    assert rows == min(25, len(data["dealers"])), "a page of rows, however many dealers"
    later = host.locator(".tools button").nth(1)
    if len(data["dealers"]) > 25:
        before = links(host)
        assert len(set(before)) == 25
        later.click()
        assert not set(before) & set(links(host)), "another page has other dealers"
        host.locator(".tools button").first.click()
        assert links(host) == before
    else:
        assert later.is_disabled()


def dealer_pages(visit, data):
    page = visit.page
    for dealer in [data["dealers"][0], data["dealers"][-1]]:
        page.evaluate("id => { location.hash = '#dealer-' + encodeURIComponent(id); }", dealer["id"])
        page.wait_for_selector("#dealer:not([hidden]) h1")
        assert dealer["name"] in page.locator("#dealer h1").text_content()
        assert not page.locator("#report").is_visible()
        assert page.locator("#dealer .card").count() >= 2
        for part in dealer["reason"].split("; "):
            assert part in page.locator("#dealer > ul").text_content()
        assert page.locator("#dealer table:not(:has(caption))").count() == 0
        page.locator("#dealer a[href='#dealers']").click()
        page.wait_for_selector("#report:not([hidden])")
    page.locator("[data-table=dealers] tbody a").first.click()
    page.wait_for_selector("#dealer:not([hidden])")
    page.go_back()
    page.wait_for_selector("#report:not([hidden])")
    page.locator("svg.map .mark").last.dispatch_event("click")
    page.wait_for_selector("#dealer:not([hidden])")
    page.go_back()


def region_links(visit, path):
    for link in visit.page.eval_on_selector_all("#places th a", "links => links.map(link => link.href)"):
        if link.startswith("file:") and "#dealer-" not in link:
            target = pathlib.Path(visit.page.evaluate("link => decodeURIComponent(new URL(link).pathname)", link))
            assert target.is_file() and target.parent.parent == path.parent / "regions", target


def nothing_is_cut(browser, address, screenshots):
    for width in (1400, 390):
        for scheme in ("light", "dark"):
            with Visit(browser, address, width, scheme) as visit:
                page = visit.page
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"the page is wider than {width}"
                ink, ground = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
                light = lambda colour: sum(int(part) for part in colour[4:-1].split(",")[:3])
                assert (light(ink) < light(ground)) == (scheme == "light"), (ink, ground)
                if screenshots:
                    page.screenshot(path=f"{screenshots}/{width}-{scheme}.png", full_page=width == 390)
                    dealer = data_of(page)["dealers"][0]["id"]
                    page.evaluate("id => { location.hash = '#dealer-' + encodeURIComponent(id); }", dealer)
                    page.screenshot(path=f"{screenshots}/{width}-{scheme}-dealer.png")
                    page.evaluate("location.hash = '#overview'")


def without_script(browser, address):
    with Visit(browser, address, script=False) as visit:
        assert visit.page.locator("svg.map .mark").count() > 0
        assert visit.page.locator("noscript").count() == 1


def in_print(browser, address):
    with Visit(browser, address) as visit:
        visit.page.emulate_media(media="print")
        assert not visit.page.locator("nav").is_visible()
        assert not visit.page.locator(".tools").first.is_visible()


def hostile_names(browser, path, folder):
    """The same report with hostile names in its data: all of them must show as the text they are."""
    report = path.read_text(encoding="utf-8")
    start = report.index('<script type="application/json" id="data">') + len('<script type="application/json" id="data">')
    end = report.index("</script>", start)
    data = json.loads(report[start:end])
    for dealer, name in zip(data["dealers"], HOSTILE):
        dealer["name"] = dealer["territory"] = dealer["reason"] = name
    data["dealers"][0]["id"] = HOSTILE[0]
    text = json.dumps(data).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    changed = folder / "hostile.html"
    changed.write_text(report[:start] + text + report[end:], encoding="utf-8")
    for width in (1400, 390):
        with Visit(browser, changed.as_uri(), width) as visit:
            page = visit.page
            for dealer in data["dealers"][: len(HOSTILE)]:
                page.evaluate("id => { location.hash = '#dealer-' + encodeURIComponent(id); }", dealer["id"])
                page.wait_for_function("name => document.querySelector('#dealer h1')?.textContent.includes(name)", arg=dealer["name"])
                assert page.locator("#dealer h1 bdi").first.text_content() == dealer["name"]
                assert page.locator("#dealer script, #dealer img").count() == 0
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long name wraps"
                assert page.title() != "taken"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("report", type=pathlib.Path)
    arguments.add_argument("language", nargs="?", default="en")
    arguments.add_argument("--screenshots", type=pathlib.Path)
    given = arguments.parse_args()
    path = given.report.resolve()
    size = path.stat().st_size
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=OFFLINE)
        with Visit(browser, path.as_uri()) as visit:
            data = data_of(visit.page)
            assert visit.page.locator("html").get_attribute("lang") == given.language == data["lang"]
            if len(data["dealers"]) <= 1_000:
                assert size < MOST_BYTES, f"{size} bytes"
                assert visit.seconds < MOST_SECONDS, f"{visit.seconds:.2f} s"
            for look in (first_screen, filtering, paging, dealer_pages):
                look(visit, data)
            accessible(visit)
            sorting(visit)
            region_links(visit, path)
            seconds = visit.seconds
        nothing_is_cut(browser, path.as_uri(), given.screenshots)
        without_script(browser, path.as_uri())
        in_print(browser, path.as_uri())
        with tempfile.TemporaryDirectory() as folder:
            hostile_names(browser, path, pathlib.Path(folder))
        browser.close()
    print(f"{path.name}: {len(data['dealers'])} dealers, {size} bytes, loaded in {seconds:.2f} s, all looks passed")


if __name__ == "__main__":
    main()
