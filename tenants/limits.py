"""How much is too much, in one place. Units stand in the names; everything that counts or refuses reads them here."""

KILOBYTE = 1 << 10
MEGABYTE = 1 << 20

# Uploads and typed text
UPLOAD_BYTES = 25 * MEGABYTE
NAME_CHARACTERS = 120
NOTE_CHARACTERS = 50_000
COMMENT_CHARACTERS = 5_000
IMPORT_ROWS = 5_000
FORM_FIELDS = 5_000  # of one form; our longest lists send a few hundred
PHRASE_CHARACTERS = 4_000  # a paragraph or two

# A logo
LOGO_BYTES = 5 * MEGABYTE
LOGO_PIXELS = 25_000_000
LOGO_SIDE = 1_600  # pixels it is kept with; 7 cm at 580 dots an inch

# A picture printed by a tag
PICTURE_BYTES = 10 * MEGABYTE
PICTURE_MILLIMETRES = 500

# Evidence shown in the annex of a report: each at most PREVIEW_SIDE wide, about 250 kB
REPORT_PICTURES = 24
REPORT_PICTURE_BYTES = 8 * MEGABYTE  # together

# Evidence
EVIDENCE_FILES_AT_ONCE = 20
EVIDENCE_PIXELS = 50_000_000  # a telephone's camera takes 48 million
THUMBNAIL_SIDE = 320  # pixels, in lists
PREVIEW_SIDE = 1_200  # pixels, on the page of one piece

# Zip containers (Word, Excel), counted while inflating: what the headers say is not believed
ARCHIVE_ENTRIES = 1_000
ARCHIVE_INFLATED_BYTES = 80 * MEGABYTE
ARCHIVE_PART_BYTES = 40 * MEGABYTE
ARCHIVE_RATIO = 150
ARCHIVE_RATIO_FROM_BYTES = MEGABYTE  # small parts of blank XML shrink far more and harm nobody

# One document in the confined child
CHILD_MEMORY_BYTES = 1024 * MEGABYTE
CHILD_CPU_SECONDS = 20
CHILD_WALL_SECONDS = 30
CHILD_NICENESS = 10
DOCUMENT_BYTES = 48 * MEGABYTE
LOOP_ITEMS = 500_000
TEMPLATE_PLACEHOLDERS = 2_000

# A layout by LibreOffice, and pictures of its pages
OFFICE_WALL_SECONDS = 90
OFFICE_MEMORY_BYTES = 4096 * MEGABYTE  # addresses, not memory: it takes about 250 MB
PDF_BYTES = 40 * MEGABYTE
PAGE_IMAGE_WIDTH = 1_000  # pixels
PAGE_IMAGES = 300  # of one document; the PDF has them all
PREVIEW_ATTEMPTS = 3
PREVIEW_WAIT_HOURS = 2  # then a release waits no longer: nobody makes previews here

# Production of deliverables; the fault suite shortens lease and heartbeat through the settings
LEASE_SECONDS = 60
HEARTBEAT_SECONDS = 20
DOCUMENT_ATTEMPTS = 5
STORAGE_RETRY_HOURS = 24
BULK_ITEMS = 500  # deliverables in one bulk request

# One page
PAGE_STATEMENTS = 15
