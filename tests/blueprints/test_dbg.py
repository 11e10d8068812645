from tests.blueprints.conftest import *
from tests.blueprints.offices import PASSWORD
def test_x(signed_in, stand, app):
    v = signed_in("ano")
    for e in ("nobody@example.org", stand.emails["con"], "nobody@example.org", stand.emails["con"]):
        r=v.post("/sign-in", {"email": e, "password": "wrong password"})
        print(e, r.headers.get("Set-Cookie"), v.cookie)
    assert 0
