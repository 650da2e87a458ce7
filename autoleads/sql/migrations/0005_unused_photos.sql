-- Photos of cars that no car has any more are found and, after a while, removed.
ALTER TABLE attachment ADD COLUMN unused_since timestamptz;
