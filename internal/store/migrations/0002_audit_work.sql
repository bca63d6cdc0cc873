-- +goose Up

-- Acts counts what changes the data set as it is served: publishing, announcing, withdrawing. Whoever serves it looks
-- at this number to find out whether to load anew.
ALTER TABLE dataset ADD COLUMN acts INTEGER NOT NULL DEFAULT 0;

-- Set when a reported figure of a published round changes, which takes effect with the next release.
ALTER TABLE rounds ADD COLUMN records_changed BOOLEAN NOT NULL DEFAULT FALSE;

-- The question as it was asked that year; null where it was the catalogue's.
ALTER TABLE round_requirements ADD COLUMN question_da TEXT;
ALTER TABLE round_requirements ADD COLUMN question_en TEXT;

-- The next round that the municipality is due in, where its cycle is known.
ALTER TABLE participations ADD COLUMN due_round INTEGER;

ALTER TABLE cases ADD COLUMN assigned_to TEXT;
ALTER TABLE cases ADD COLUMN withdrawn_reason TEXT;

-- A removed notification keeps its row, so that its number is not used again.
ALTER TABLE case_units ADD COLUMN removed BOOLEAN NOT NULL DEFAULT FALSE;

-- Who entered an outcome, when and why; unknown for what was entered before this was kept.
ALTER TABLE case_outcomes ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE case_outcomes ADD COLUMN entered_at TIMESTAMP;
ALTER TABLE case_outcomes ADD COLUMN entered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE case_outcomes ADD COLUMN entered_role TEXT NOT NULL DEFAULT '';
ALTER TABLE case_outcomes ADD COLUMN why TEXT;
ALTER TABLE case_outcomes ADD COLUMN import TEXT;

-- What an outcome was before its present revision. An empty outcome says that it was removed.
CREATE TABLE outcome_revisions (
    case_id      TEXT NOT NULL REFERENCES cases (id),
    requirement  TEXT NOT NULL,
    number       INTEGER NOT NULL,
    revision     INTEGER NOT NULL CHECK (revision > 0),
    outcome      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    entered_at   TIMESTAMP,
    entered_by   TEXT NOT NULL,
    entered_role TEXT NOT NULL,
    why          TEXT,
    import       TEXT,
    PRIMARY KEY (case_id, requirement, number, revision)
);

-- Apart from the outcomes, so that nothing that reads these can take a note along; purged at publication.
CREATE TABLE outcome_notes (
    case_id     TEXT NOT NULL REFERENCES cases (id),
    requirement TEXT NOT NULL,
    number      INTEGER NOT NULL,
    note        TEXT NOT NULL CHECK (length(note) BETWEEN 1 AND 280),
    PRIMARY KEY (case_id, requirement, number)
);

CREATE TABLE round_transitions (
    round       INTEGER NOT NULL REFERENCES rounds (year),
    number      INTEGER NOT NULL CHECK (number > 0),
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL,
    reason      TEXT,
    at          TIMESTAMP NOT NULL,
    caller      TEXT NOT NULL,
    role        TEXT NOT NULL,
    release     INTEGER REFERENCES releases (number),
    PRIMARY KEY (round, number)
);

CREATE TABLE imports (
    id        TEXT PRIMARY KEY,
    round     INTEGER REFERENCES rounds (year),
    kind      TEXT NOT NULL CHECK (kind IN ('outcomes', 'participations', 'reported')),
    format    TEXT NOT NULL CHECK (format IN ('csv', 'ndjson', 'xlsx')),
    bytes     INTEGER NOT NULL,
    checksum  TEXT NOT NULL,
    rows      INTEGER NOT NULL,
    added     INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    cases     INTEGER NOT NULL,
    warnings  TEXT NOT NULL,
    at        TIMESTAMP NOT NULL,
    caller    TEXT NOT NULL,
    role      TEXT NOT NULL
);

-- What a POST with an Idempotency-Key was answered, so that a retry is answered alike and does nothing.
CREATE TABLE idempotency_keys (
    caller      TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status      INTEGER NOT NULL,
    location    TEXT NOT NULL,
    etag        TEXT NOT NULL,
    body        TEXT NOT NULL,
    at          TIMESTAMP NOT NULL,
    PRIMARY KEY (caller, key)
);

CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    hash         TEXT NOT NULL UNIQUE,
    role         TEXT NOT NULL CHECK (role IN ('municipality', 'ministry', 'auditor', 'lead', 'admin')),
    municipality TEXT,
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP,
    revoked_at   TIMESTAMP,
    last_used_at TIMESTAMP,
    CHECK ((role = 'municipality') = (municipality IS NOT NULL))
);

-- The trail: each event's hash covers the one before it. Rows are only ever added.
CREATE TABLE audit_events (
    number       INTEGER PRIMARY KEY CHECK (number > 0),
    at           TIMESTAMP NOT NULL,
    caller       TEXT NOT NULL,
    role         TEXT NOT NULL,
    municipality TEXT,
    kind         TEXT NOT NULL CHECK (kind IN ('change', 'read', 'refused')),
    action       TEXT NOT NULL,
    resource     TEXT NOT NULL,
    request      TEXT NOT NULL,
    hash         TEXT NOT NULL
);

-- The end of the chain: whoever adds events updates it first, so that they queue up, and a tail that was cut off shows.
CREATE TABLE audit_head (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL CHECK (number >= 0),
    hash   TEXT NOT NULL
);
INSERT INTO audit_head (id, number, hash) VALUES (1, 0, '');

ALTER TABLE publications ADD COLUMN reason TEXT;
ALTER TABLE publications ADD COLUMN withdrawn_at TIMESTAMP;
ALTER TABLE publications ADD COLUMN withdrawn_reason TEXT;

-- A release is made at one moment and published at another where it is announced; it can be cancelled between. Round is
-- the one whose publishing made it; null where a withdrawal did.
ALTER TABLE releases ADD COLUMN round INTEGER;
ALTER TABLE releases ADD COLUMN made_at TIMESTAMP;
ALTER TABLE releases ADD COLUMN cancelled_at TIMESTAMP;
ALTER TABLE releases ADD COLUMN reason TEXT;

-- A hash of what nothing else would show to be altered; null for what was made before.
ALTER TABLE releases ADD COLUMN seal TEXT;
ALTER TABLE publications ADD COLUMN seal TEXT;

-- +goose Down
ALTER TABLE publications DROP COLUMN seal;
ALTER TABLE releases DROP COLUMN seal;
ALTER TABLE releases DROP COLUMN reason;
ALTER TABLE releases DROP COLUMN cancelled_at;
ALTER TABLE releases DROP COLUMN made_at;
ALTER TABLE releases DROP COLUMN round;
ALTER TABLE publications DROP COLUMN withdrawn_reason;
ALTER TABLE publications DROP COLUMN withdrawn_at;
ALTER TABLE publications DROP COLUMN reason;
DROP TABLE audit_head;
DROP TABLE audit_events;
DROP TABLE api_keys;
DROP TABLE idempotency_keys;
DROP TABLE imports;
DROP TABLE round_transitions;
DROP TABLE outcome_notes;
DROP TABLE outcome_revisions;
ALTER TABLE case_outcomes DROP COLUMN import;
ALTER TABLE case_outcomes DROP COLUMN why;
ALTER TABLE case_outcomes DROP COLUMN entered_role;
ALTER TABLE case_outcomes DROP COLUMN entered_by;
ALTER TABLE case_outcomes DROP COLUMN entered_at;
ALTER TABLE case_outcomes DROP COLUMN revision;
ALTER TABLE case_units DROP COLUMN removed;
ALTER TABLE cases DROP COLUMN withdrawn_reason;
ALTER TABLE cases DROP COLUMN assigned_to;
ALTER TABLE participations DROP COLUMN due_round;
ALTER TABLE round_requirements DROP COLUMN question_en;
ALTER TABLE round_requirements DROP COLUMN question_da;
ALTER TABLE rounds DROP COLUMN records_changed;
ALTER TABLE dataset DROP COLUMN acts;
