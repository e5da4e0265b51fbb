"""Opens a picture within limits: only kinds that phones make, no bombs, upright, small enough to work on."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from services.photos.reading import PhotoError, Trouble

KINDS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
MOST_PIXELS = 50_000_000  # what the cameras of phones make; decoded it takes 150 MB


def open_photo(content: bytes, longest: int, kinds: tuple[str, ...] = KINDS) -> Image.Image:
    """RGB, turned as the camera says, at most `longest` pixels a side; PhotoError when it is none."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=kinds)
        image.draft("RGB", (longest, longest))  # a JPEG is decoded at a fraction of its size
        upright = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PhotoError(Trouble.TOO_BIG) from None
    except MemoryError:
        raise PhotoError(Trouble.FAILED) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):  # Pillow's words for broken files
        raise PhotoError(Trouble.NOT_A_PHOTO) from None
    upright.thumbnail((longest, longest), Image.Resampling.BICUBIC)
    return upright
