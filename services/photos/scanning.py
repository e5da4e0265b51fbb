"""A program of its own: what the QR codes of a picture hold (`python -m services.photos.scanning < photo.jpg`)."""

import zxingcpp

from services.photos.bounds import run_program
from services.photos.opening import open_photo

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
LONGEST_SIDE = 2400  # pixels; the code on a licence is a tenth of its width


def scan(content: bytes) -> list[str]:
    """The text of each QR code."""
    found = zxingcpp.read_barcodes(open_photo(content, LONGEST_SIDE), formats=QR)
    return [code.text for code in found]


if __name__ == "__main__":
    run_program(scan)
