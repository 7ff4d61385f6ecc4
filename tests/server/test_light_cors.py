"""The headers are those sanic_cors works out, whoever asks and however often."""
import pytest
from sanic import Sanic
from sanic.compat import Header
from sanic_cors.core import get_cors_options, parse_resources

from server import light_cors
from server.light_cors import get_cors_headers

REQUESTS = [({}, "GET"), ({}, "POST"), ({"Origin": "https://www.example.gov.cn"}, "POST"), ({"Origin": ""}, "GET"), ({}, "OPTIONS"),
            ({"Origin": "https://a.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-a, content-type"}, "OPTIONS")]


@pytest.mark.parametrize("origins", ["", "*", "https://www.example.gov.cn", ["https://a.example", "https://b.example"], r"https://.*\.example"])
def test_the_same_headers(origins):
    app = Sanic.get_app("cors", force_create=True)
    app.config.CORS_AUTOMATIC_OPTIONS = app.config.CORS_SUPPORTS_CREDENTIALS = True
    app.config.CORS_EXPOSE_HEADERS = "filename"
    options = get_cors_options(app, next(iter(parse_resources({r"/*": {"origins": origins}})))[1])
    for headers, method in REQUESTS * 2:
        found = get_cors_headers(options, Header(headers), method)
        assert type(found).__name__ == "CIMultiDict" or isinstance(found, Header)
        assert list(found.items()) == list(light_cors._work_out(options, Header(headers), method).items())


def test_what_a_channel_adds_to_one_answer_is_not_in_the_next():
    options = {"origins": ["*"], "send_wildcard": False, "always_send": True, "supports_credentials": False, "expose_headers": None, "vary_header": True}
    get_cors_headers(options, Header(), "GET")["X-Other"] = "1"
    assert "X-Other" not in get_cors_headers(options, Header(), "GET")
