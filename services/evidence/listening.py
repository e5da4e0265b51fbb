"""A recording made playable: telephones speak AMR and Speex, browsers play MP3."""

import contextlib
import io
import time
from collections.abc import Iterator

import av
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError

from services.evidence.kinds import FileType

HEARD_MIME = "audio/mpeg"
RATE, BIT_RATE = 16_000, 32_000  # speech; 240 KB a minute
LONGEST_SECONDS = 900  # takes a dozen seconds of work
PATIENCE = 20.0  # seconds; whoever asked waits half a minute
# The reader is named, never guessed: some of FFmpeg's readers open other files that a file names.
READERS = {"amr": "amr", "awb": "amr", "mp3": "mp3", "spx": "ogg", "m4a": "mov"}


def make_playable(content: bytes, found: FileType, longest: float = LONGEST_SECONDS) -> bytes:
    """What is heard in it and nothing else, as MP3; empty where nothing is, or more than the longest seconds."""
    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(content), "r", format=READERS[found.extension]) as heard:
            is_whole = write_mp3(heard, out, longest)
    except (FFmpegError, ValueError, IndexError):  # PyAV's words for broken files and files without sound
        return b""
    return out.getvalue() if is_whole else b""


def write_mp3(heard: InputContainer, out: io.BytesIO, longest: float) -> bool:
    """Whether there was sound, and all of it was written."""
    seconds, until = 0.0, time.monotonic() + PATIENCE
    resampler = av.AudioResampler("s16p", "mono", RATE)
    with av.open(out, "w", format="mp3") as written:
        stream = written.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=BIT_RATE)
        for frame in frames(heard):
            seconds += frame.samples / frame.sample_rate
            if seconds > longest or time.monotonic() > until:
                return False
            frame.pts = None  # as long as it sounds, whatever times the file claims
            for piece in resampler.resample(frame):
                written.mux(stream.encode(piece))
        for piece in resampler.resample(None) if seconds else ():
            written.mux(stream.encode(piece))
        written.mux(stream.encode(None))
    return seconds > 0


def frames(heard: InputContainer) -> Iterator[av.AudioFrame]:
    """The sound; moments that cannot be understood are left out, as a telephone does."""
    for packet in heard.demux(heard.streams.audio[0]):
        with contextlib.suppress(InvalidDataError):
            yield from packet.decode()
