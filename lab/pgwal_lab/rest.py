"""Small HTTP requests with a time limit, past any proxy."""

import json
import urllib.error
import urllib.parse
import urllib.request

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def request(url, method="GET", body=None, form=None, timeout=3):
    """Returns (status, text). Raises OSError when nothing answers."""
    data, headers = None, {}
    if body is not None:
        data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    if form is not None:
        data, headers["Content-Type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
    try:
        with _direct.open(urllib.request.Request(url, data, headers, method=method), timeout=timeout) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def status_of(url):
    """The HTTP status, or None when nothing answers."""
    try:
        return request(url)[0]
    except OSError:
        return None


def json_of(url):
    """The decoded body whatever the status, or None when nothing (or no JSON) answers."""
    try:
        return json.loads(request(url)[1])
    except (OSError, ValueError):
        return None
