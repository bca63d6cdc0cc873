-- Which version of the statistical method a release was computed by. What was released before this was kept is of the
-- first one.

-- +goose Up
ALTER TABLE releases ADD COLUMN method INTEGER NOT NULL DEFAULT 1 CHECK (method > 0);

-- +goose Down
ALTER TABLE releases DROP COLUMN method;
