-- What a list of cars says is kept with its file, to be read by the conversation that it came in.
ALTER TABLE attachment ADD COLUMN content text;
