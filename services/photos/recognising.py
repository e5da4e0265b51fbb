"""A program of its own: the words of a picture (`python -m services.photos.recognising < photo.jpg`)."""

from typing import Any

from rapidocr import RapidOCR

from services.photos.bounds import run_program
from services.photos.opening import open_photo

LONGEST_SIDE = 1600  # pixels: small print of a licence is still read; memory and time grow with the square
OPTIONS = {
    "Global.log_level": "critical",  # its log would go where the answer goes
    "EngineConfig.onnxruntime.intra_op_num_threads": 2,
}


def recognise(content: bytes) -> list[Any]:
    """[text, score, four corners] of each line."""
    photo = open_photo(content, LONGEST_SIDE)
    found: Any = RapidOCR(params=OPTIONS)(photo)
    if found.txts is None:
        return []
    return [
        [text, float(score), box.tolist()]
        for text, score, box in zip(found.txts, found.scores, found.boxes, strict=True)
    ]


if __name__ == "__main__":
    run_program(recognise)
