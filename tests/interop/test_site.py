"""The published pages in Chromium: from files and from a server, alone on the network."""

import functools
import html.parser
import http.server
import json
import pathlib
import shutil
import subprocess
import threading
import urllib.parse
import urllib.request

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from conftest import COMMAND
from published import CREATES, FOLDER, NODE, folder_of

PAGES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
REFERENCE = "site/reference.html"
OWN = [page for page in PAGES if page != REFERENCE]
AXE = (NODE.parent / "axe-core" / "axe.min.js").read_text()
SECONDS = 60


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    for flag in ["--headless=new", "--no-sandbox", "--window-size=1440,1200"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService("/usr/bin/chromedriver")
    options.binary_location = "/usr/bin/chromium"
    driver = webdriver.Chrome(options, service)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def server():
    """The publication on a server of files; gives its URL."""
    handler = functools.partial(Quiet, directory=FOLDER)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        threading.Thread(target=listening.serve_forever).start()
        yield f"http://127.0.0.1:{listening.server_port}/"
        listening.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def visit(browser, url):
    """Loads a page; gives what it complained of and asked for."""
    for log in ["browser", "performance"]:
        browser.get_log(log)
    browser.get(url)
    return url


def heard(browser):
    """Complaints of the page, and the URLs that were asked for."""
    complaints = [
        entry["message"]
        for entry in browser.get_log("browser")
        if entry["level"] in ("SEVERE", "WARNING")
    ]
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [it for it in messages if it["method"] == "Network.requestWillBeSent"]
    return complaints, [it["params"]["request"]["url"] for it in sent]


def outside(urls, *allowed):
    return [url for url in urls if not url.startswith((*allowed, "data:", "blob:"))]


def wait_for(browser, look):
    return WebDriverWait(browser, SECONDS).until(look)


@pytest.mark.parametrize("from_server", [False, True], ids=["files", "server"])
def test_pages_load_alone_and_without_complaint(browser, server, from_server):
    root = server if from_server else FOLDER.as_uri() + "/"
    assert len(PAGES) > 40, PAGES
    for page in PAGES:
        visit(browser, root + page)
        if page == REFERENCE:
            wait_for(browser, lambda it: "Create a manual backup" in it.page_source)
        complaints, urls = heard(browser)
        assert complaints == [], page
        assert root + page in urls, page
        assert outside(urls, root) == [], page


def test_pages_are_complete_without_scripts(browser):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        for service, create in CREATES.items():
            page = next(it for it in OWN if it.startswith(f"site/{service}/") and "create_backup" in it)
            browser.get((FOLDER / page).as_uri())
            text = browser.find_element(By.TAG_NAME, "main").text
            for part in [create.path, "Parameters", "Request", "Errata", "Example documented"]:
                assert part in text, (page, part)
            assert not browser.find_element(By.CSS_SELECTOR, "form[role=search]").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_search_finds_operations_and_fields_from_a_file(browser):
    for words, name, page in [
        ("taurusdb create", "create_backup", "site/taurusdb-v3/"),
        ("rds-v1 backuptype", "backup.backuptype", "site/rds-v1/"),
        ("job", "get_job", "site/rds-v3/"),
        ("instances", "list_instances", "site/rds-v1/"),
        ("backup policy", "get_backup_policy", "site/rds-v1/"),
        ("restore", "restore_instance", "site/rds-v1/"),
        ("gaussdb backups.size", "backups[].size", "site/gaussdb-v3/"),
        ("DBS.200019", "DBS.200019", "site/rds-v3/"),
    ]:
        browser.get((FOLDER / "index.html").as_uri())
        browser.find_element(By.ID, "search").send_keys(words)
        [first, *_] = browser.find_elements(By.CSS_SELECTOR, "#found a")
        assert first.find_element(By.TAG_NAME, "code").text == name
        first.click()
        wait_for(browser, lambda it: it.current_url.startswith((FOLDER / page).as_uri()))
        assert name.split(".")[-1] in browser.find_element(By.TAG_NAME, "main").text


def test_search_works_by_keys_and_gets_out_of_the_way(browser):
    browser.get((FOLDER / "index.html").as_uri())
    panel = browser.find_element(By.ID, "panel")
    field = browser.find_element(By.ID, "search")
    field.send_keys("policy")
    assert panel.is_displayed()
    field.send_keys(Keys.ARROW_DOWN)
    first = browser.switch_to.active_element
    assert first.tag_name == "a"
    first.send_keys(Keys.ARROW_UP)
    assert browser.switch_to.active_element == field
    field.send_keys(Keys.ARROW_DOWN)
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert browser.switch_to.active_element == field
    assert not panel.is_displayed()
    field.send_keys("nowhere-at-all")
    assert browser.find_element(By.ID, "count").text == "Nothing is called like that."
    browser.find_element(By.TAG_NAME, "h1").click()
    assert not panel.is_displayed()


def test_nothing_is_cut_off_on_paper(browser):
    # A4 with the margins of Chromium, at 96 dots an inch.
    paper = {"width": 718, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", paper)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        for page in OWN:
            browser.get((FOLDER / page).as_uri())
            wide = "return [...document.querySelectorAll('table, pre')].filter((it) => it.scrollWidth > innerWidth)"
            assert browser.execute_script(wide) == [], page
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_on_our_pages(browser, scheme, width):
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.set_window_size(width, 1200)
    # Those of older versions have the same form.
    newest = [f"site/{service}/{folder_of(service).name}/" for service in CREATES]
    pages = [page for page in OWN if page.startswith(("index.html", *newest))]
    assert len(pages) > 40
    for page in pages:
        browser.get((FOLDER / page).as_uri())
        assert browser.execute_script(f"return matchMedia('(prefers-color-scheme: {scheme})').matches")
        browser.execute_script(AXE)
        found = browser.execute_async_script("axe.run().then(arguments[0])")
        assert found["passes"], page
        broken = [(it["id"], it["nodes"][0]["html"]) for it in found["violations"]]
        assert broken == [], page
        wide = browser.execute_script("return document.documentElement.scrollWidth > innerWidth")
        assert not wide, page


class Links(html.parser.HTMLParser):
    """Where a page leads, and what can be led to in it."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(path.read_text())

    def handle_starttag(self, _, attributes):
        for name, value in attributes:
            if name in ("href", "src"):
                self.links.append(value)
            elif name == "id":
                assert value not in self.anchors, f"{value} is there twice"
                self.anchors.add(value)


def test_links_within_the_publication_lead_somewhere():
    pages = {page: Links(FOLDER / page) for page in PAGES}
    index = (FOLDER / "site/search-index.js").read_text()
    entries = json.loads(index.removeprefix("const SEARCH_INDEX = ").removesuffix(";\n"))
    links = [(page, link) for page, found in pages.items() for link in found.links]
    links += [("index.html", file) for _, _, file in entries]
    inner = [(page, link) for page, link in links if not link.startswith(("https://", "data:"))]
    assert len(inner) > 2000
    for page, link in inner:
        way, _, anchor = link.partition("#")
        target = (FOLDER / page).parent / urllib.parse.unquote(way) if way else FOLDER / page
        target = pathlib.Path(target).resolve()
        if target.is_dir():
            target /= "index.html"
        assert target.is_file(), (page, link)
        if anchor:
            assert anchor in pages[target.relative_to(FOLDER.resolve()).as_posix()].anchors, (page, link)


def test_first_steps_work_one_after_the_other(tmp_path):
    page = html.unescape((FOLDER / "index.html").read_text())
    folder = pathlib.Path(__file__, "../../../src/bin/dbbackup-spec/build/site").resolve()
    command, curl = [(folder / name).read_text() for name in ["first-steps.sh", "first-steps.curl.sh"]]
    for step in [command, curl]:
        assert step.rstrip() in page
    install, rest = command.split("\n", 1)
    assert install.startswith("cargo install ")
    # What is installed is there already; any port will do.
    built = pathlib.Path(COMMAND).resolve().parent
    script = rest.replace("127.0.0.1:8700", "127.0.0.1:0") + curl + f"{built}/examples/create\n"
    script = f"set -e\ntrap 'kill %1' EXIT\n{script}"
    environment = {"PATH": f"{built}:/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, done.stderr
    assert "COMPLETED" in done.stdout
    assert '"status":"BUILDING"' in done.stdout
    assert "nightly has Some(" in done.stdout


def test_a_create_from_the_console_reaches_the_emulator(browser, emulator, tmp_path):
    for path in (FOLDER / "site").glob("*.*"):
        shutil.copy(path, tmp_path)
    sources = tmp_path / "reference-sources.js"
    text = sources.read_text()
    assert "http://127.0.0.1:8700" in text
    sources.write_text(text.replace("http://127.0.0.1:8700", emulator["rds"]))
    browser.set_window_size(1440, 1200)
    visit(browser, (tmp_path / "reference.html").as_uri() + "#rds-v3/tag/backups/POST/v3/{project_id}/backups")

    click(browser, "//button[contains(., 'Test Request')][contains(., 'post /v3/{project_id}/backups)')]")
    # The project of the emulator is there already.
    shows = f"//*[@role='dialog']//*[contains(text(), '{emulator['project_id']}')]"
    wait_for(browser, lambda it: it.find_elements(By.XPATH, shows))
    click(browser, "//*[@role='dialog']//button[starts-with(normalize-space(.), 'Send ')]")
    dialog = browser.find_element(By.CSS_SELECTOR, "[role=dialog]")
    wait_for(browser, lambda _: "200 OK" in dialog.text)
    assert '"status": "BUILDING"' in dialog.text

    with urllib.request.urlopen(emulator["rds"] + "/_emulator/requests") as answer:
        heard_of = json.load(answer)
    assert "create_backup" in json.dumps(heard_of)
    complaints, urls = heard(browser)
    assert complaints == []
    assert outside(urls, tmp_path.as_uri(), emulator["rds"]) == []


def click(browser, path):
    """Clicks a button as soon as it is there; it may be out of sight."""
    [button, *_] = wait_for(browser, lambda it: it.find_elements(By.XPATH, path))
    browser.execute_script("arguments[0].click()", button)
