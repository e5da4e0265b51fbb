"""What differs from bureau to bureau: settings, names, hours, menu."""
