"""Where pictures are drawn: apart from all else, and one after the other, since each takes a processor and memory."""

from collections.abc import Callable
from typing import Self

from eventlet import tpool
from eventlet.semaphore import Semaphore

from services.availability.pictures.drawing import Drawn, Unfit, drawn
from shared.contracts.errors import Invalid
from shared.settings import Settings

_THREADS = 4
"""As the gateway has them, where both share a process."""

Draw = Callable[[bytes], Drawn]


class Studio:
    """Draws pictures; `draw` where that stops nobody else."""

    def __init__(self, draw: Draw = drawn) -> None:
        self._draw = draw

    @classmethod
    def of_process(cls, _settings: Settings) -> Self:
        """Return that of a process on eventlet, whose other work goes on meanwhile."""
        tpool.set_num_threads(_THREADS)
        one_at_a_time = Semaphore(1)

        def draw(sent: bytes) -> Drawn:
            with one_at_a_time:
                made: Drawn = tpool.execute(drawn, sent)
                return made

        return cls(draw)

    def drawn(self, sent: bytes) -> Drawn:
        """Return the picture that a file shows, as it is kept; raise Invalid for what is none."""
        try:
            return self._draw(sent)
        except Unfit as unfit:
            raise Invalid.because(str(unfit), errors={"picture": [str(unfit)]}) from unfit
