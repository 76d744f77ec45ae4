"""What a demonstration adds to the frame."""

from app.runtime import SYSTEM
from tests.web.site import Site, Visitor


def test_time_is_skipped_for_the_whole_installation(site: Site, carla: Visitor) -> None:
    """The button of the demonstration grants a fast track."""
    instance_id = site.request_refund(35)
    assert carla.post("/demonstration/skip", minutes="31").status_code == 303
    site.work()
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "completed"
    assert carla.post("/demonstration/skip", minutes="7").status_code == 422
