"""phpLDAPadmin with contrib/phpldapadmin/config.php, in Chromium.

The pictures stand beside the results, for whoever wants to look.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import subprocess
import time
import urllib.parse
import urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from directory import BASE, search
from person import LIMIT, Failed, case, play, secret, version, want

SITE = "http://127.0.0.1:8080/"


def serve():
    """The site, as a web server with PHP would."""
    place = "/etc/phpldapadmin/config.php"
    source = os.environ["top_srcdir"] + "/contrib/phpldapadmin/config.php"
    with open(source, encoding="utf-8") as file:
        text = file.read()
    with open(place, "w", encoding="utf-8") as file:
        file.write(text.replace("ldaps://ldap.example.com/",
                                os.environ["BWDIR_LDAPS"] + "/"))
    os.makedirs("/run/php", exist_ok=True)
    with open("/run/php/log", "wb") as log:
        subprocess.Popen(
            ["php", "-d", "session.save_path=/run/php", "-S", "127.0.0.1:8080",
             "-t", "/usr/share/phpldapadmin/htdocs"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={"PATH": os.environ["PATH"]})
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(SITE, timeout=LIMIT).close()
            return
        except OSError:
            time.sleep(0.05)


def php_log():
    with open("/run/php/log", encoding="utf-8") as file:
        return file.read()[-2000:]


def browser():
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu",
                 "--disable-dev-shm-usage", "--window-size=1280,1600",
                 "--disable-background-networking", "--no-first-run",
                 "--user-data-dir=/run/chromium"):
        options.add_argument(word)
    os.environ["HOME"] = "/run"
    driver = webdriver.Chrome(options=options,
                              service=Service("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(LIMIT)
    driver.implicitly_wait(5)
    return driver


def seen():
    """What the page says, and what stands in its fields."""
    return chromium.execute_script(
        "return document.body.innerText + '\\n' + Array.from("
        "document.querySelectorAll('input,textarea'), field => field.value)"
        ".join('\\n')")


def picture(name):
    chromium.save_screenshot("%s.%s.png" % (os.environ["RESULTS"], name))


def page(command, **fields):
    chromium.get(SITE + "cmd.php?" + urllib.parse.urlencode(
        {"cmd": command, "server_id": 1, **fields}))
    return seen()


def press(word):
    """Presses a button that sends the form; the page that follows."""
    button = chromium.find_element(
        By.XPATH, "//input[@type='submit'][@value='%s']" % word)
    button.click()
    WebDriverWait(chromium, LIMIT).until(staleness_of(button))
    return seen()


def log_in(name, password):
    """In a session of its own; again when phpLDAPadmin has lost one (see
    config.php)."""
    for _ in range(3):
        chromium.delete_all_cookies()
        page("login_form")
        chromium.find_element(By.NAME, "login").send_keys(name)
        chromium.find_element(By.NAME, "login_pass").send_keys(password)
        shown = press("Authenticate")
        if "HTTP ERROR 500" not in shown:
            return shown
    raise Failed("three logins were lost\n" + php_log())


def entry(dn, **fields):
    return page("template_engine", dn=dn, **fields)


def holds(shown, *words):
    for word in words:
        want(word in shown, "not seen: %s\n%s" % (word, shown))


def lacks(shown, *words):
    for word in words:
        want(word not in shown, "seen: %s\n%s" % (word, shown))


@case("nobody gets in with a wrong password")
def _():
    shown = log_in("alice", "wrong")
    holds(shown, "Invalid Username or Password")
    lacks(shown, "Logged in as")


@case("an admin logs in with user name and password",
      shows="account admins log in with user name and password")
def _():
    holds(log_in("alice", secret("alice")), "Successfully logged into server",
          "Logged in as: uid=alice")


@case("the tree lists the users of her accounts, accounts and roles",
      shows="the tree lists users, accounts, roles and access methods")
def _():
    for place in ("", "ou=accounts,", "ou=roles,", "ou=access,", "ou=people,"):
        page("expand", dn=place + BASE)
    shown = page("refresh")
    picture("tree")
    holds(shown, "uid=dana\n", "uid=newt (1)", "cn=5500001\n",
          "cn=ordering\n", "cn=user-administrator\n", "cn=dashboard-api\n")
    lacks(shown, "uid=bob", "uid=carl", "cn=5500002", "ou=services")


@case("a user's page", shows="shows each with labels for its attributes")
def _():
    shown = entry("uid=dana,ou=people," + BASE, show_internal_attrs="true")
    picture("user")
    holds(shown, "Work phone", "9195550103", "Administration level", "basic",
          "Access method", "cn=dashboard,ou=access," + BASE,
          "cn=ordering,ou=roles," + BASE, "cn=5500001,ou=accounts," + BASE)
    lacks(shown, "ARGON2", "pwdHistory")


@case("a role's page, and who holds it by a search for bwRole",
      shows="who holds a role by a search for bwRole (it asks slapd not to "
            "expand members)")
def _():
    shown = entry("cn=ordering,ou=roles," + BASE)
    picture("role")
    holds(shown, "Look for new telephone numbers and order them",
          "(bwRole=cn=ordering,ou=roles,%s)" % BASE)
    shown = page("query_engine", query="none", format="table", scope="one",
                 showresults="na", base="ou=people," + BASE, size_limit=50,
                 filter="(bwRole=cn=ordering,ou=roles,%s)" % BASE,
                 display_attrs="uid,cn,mail", search="Search")
    picture("search")
    holds(shown, "Entries found: 9", "Dana Dyer", "dana@example.com")
    lacks(shown, "Alice Archer", "Carl Carter")


@case("an account's page")
def _():
    shown = entry("cn=5500001,ou=accounts," + BASE)
    picture("account")
    holds(shown, "Account administrator", "uid=alice,ou=people," + BASE,
          "Active product", "hosted-messaging")


def changes(dn, field, value):
    """Changes a field of an entry's page, and confirms; what is said then."""
    entry(dn)
    box = chromium.find_element(By.NAME, "new_values[%s][0]" % field)
    box.clear()
    box.send_keys(value)
    press("Update Object")
    return press("Update Object")


@case("an admin changes a name, and no more than the directory lets her",
      shows="edits; what the directory refuses is refused there")
def _():
    dana = "uid=dana,ou=people," + BASE
    holds(changes(dana, "givenname", "Dee"), "was modified")
    text, _ = search("alice", "-b", dana, "givenName")
    want("givenName: Dee\n" in text, text)
    shown = changes(dana, "bwworkphone", "9195550177")
    picture("refused")
    holds(shown, "Insufficient access")
    text, _ = search("alice", "-b", dana, "bwWorkPhone")
    want("bwWorkPhone: 9195550103\n" in text, text)


@case("the definitions of the schema")
def _():
    holds(page("schema", view="attributes", viewvalue="bwworkphone"),
          "2.25.182990458595179802371306833982153418725.1.4",
          "work phone as ten digits")


@case("a basic user sees himself and no other user",
      shows="basic users see themselves only")
def _():
    holds(log_in("dana", secret("dana")), "Logged in as: uid=dana")
    page("expand", dn=BASE)
    shown = page("expand", dn="ou=people," + BASE)
    shown = page("refresh")
    picture("basic")
    holds(shown, "ou=people (1)", "uid=dana")
    lacks(shown, "uid=alice", "uid=olga")


serve()
chromium = browser()
try:
    play("phpLDAPadmin", version(["cat", "/usr/share/phpldapadmin/VERSION"],
                                 r"RELEASE-(\S+)"))
finally:
    chromium.quit()
