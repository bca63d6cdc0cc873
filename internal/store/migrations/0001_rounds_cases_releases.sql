-- +goose Up

-- The data set as a whole: one row. Whoever publishes updates it first, so that publications queue up behind each
-- other, and whoever serves reads it to find out whether there is a newer release.
CREATE TABLE dataset (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    release INTEGER NOT NULL CHECK (release >= 0)
);
INSERT INTO dataset (id, release) VALUES (1, 0);

CREATE TABLE rounds (
    year                  INTEGER PRIMARY KEY CHECK (year BETWEEN 2000 AND 9999),
    origin                TEXT NOT NULL,
    kind                  TEXT NOT NULL CHECK (kind IN ('pilot', 'annual')),
    law                   TEXT NOT NULL,
    status                TEXT NOT NULL CHECK (status IN ('draft', 'collecting', 'hearing', 'published')),
    participants          INTEGER CHECK (participants > 0),
    cases                 INTEGER CHECK (cases >= 0),
    could_be_drawn        INTEGER CHECK (could_be_drawn > 0),
    could_be_drawn_source TEXT,
    requirements_known    BOOLEAN NOT NULL,
    note                  TEXT,
    CHECK (origin = CASE WHEN year >= 9000 THEN 'synthetic' ELSE 'real' END)
);

CREATE TABLE round_requirements (
    round       INTEGER NOT NULL REFERENCES rounds (year),
    requirement TEXT NOT NULL,
    unit        TEXT NOT NULL CHECK (unit IN ('case', 'notification')),
    practice    TEXT NOT NULL,
    PRIMARY KEY (round, requirement),
    UNIQUE (round, requirement, unit)
);

CREATE TABLE participations (
    round          INTEGER NOT NULL REFERENCES rounds (year),
    municipality   TEXT NOT NULL,
    cases          INTEGER CHECK (cases >= 0),
    eligible_cases INTEGER CHECK (eligible_cases >= 0),
    source         TEXT,
    PRIMARY KEY (round, municipality)
);

CREATE TABLE cases (
    id           TEXT PRIMARY KEY,
    round        INTEGER NOT NULL,
    municipality TEXT NOT NULL,
    reference    TEXT NOT NULL CHECK (reference <> ''),
    case_type    TEXT NOT NULL CHECK (case_type IN ('family_treatment', 'placement', 'placement_without_consent')),
    withdrawn    BOOLEAN NOT NULL,
    UNIQUE (round, municipality, reference),
    UNIQUE (id, round),
    FOREIGN KEY (round, municipality) REFERENCES participations (round, municipality)
);

-- What requirements are judged on: number 0 is the case itself, 1 and up its notifications (underretninger). With it
-- an outcome's unit is held by two foreign keys: to what it judges, and to what the round counts the requirement over.
CREATE TABLE case_units (
    case_id TEXT NOT NULL REFERENCES cases (id),
    number  INTEGER NOT NULL CHECK (number >= 0),
    unit    TEXT NOT NULL CHECK (unit = CASE WHEN number = 0 THEN 'case' ELSE 'notification' END),
    PRIMARY KEY (case_id, number),
    UNIQUE (case_id, number, unit)
);

CREATE TABLE case_outcomes (
    case_id     TEXT NOT NULL,
    requirement TEXT NOT NULL,
    number      INTEGER NOT NULL,
    round       INTEGER NOT NULL,
    unit        TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (case_id, requirement, number),
    FOREIGN KEY (case_id, round) REFERENCES cases (id, round),
    FOREIGN KEY (case_id, number, unit) REFERENCES case_units (case_id, number, unit),
    FOREIGN KEY (round, requirement, unit) REFERENCES round_requirements (round, requirement, unit),
    CHECK (
        (outcome IN ('met', 'not_met') AND reason = '')
        OR (outcome = 'met_by_exception' AND reason IN ('maturity_of_child', 'nature_of_case',
            'heard_immediately_before', 'urgency', 'other_lawful_reason'))
        OR (outcome = 'not_applicable' AND reason IN ('precondition_not_met', 'not_required_by_law', 'not_yet_due',
            'outside_legal_period', 'case_type_out_of_scope'))
        OR (outcome = 'not_assessable' AND reason = 'documentation_missing')
    )
);

CREATE TABLE reported_results (
    round       INTEGER NOT NULL REFERENCES rounds (year),
    area        TEXT NOT NULL,
    requirement TEXT NOT NULL,
    met         INTEGER CHECK (met >= 0),
    assessed    INTEGER CHECK (assessed > 0),
    percent     INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
    cases       INTEGER CHECK (cases > 0),
    source      TEXT NOT NULL,
    printed_as  TEXT,
    note        TEXT,
    PRIMARY KEY (round, area, requirement),
    CHECK (met IS NULL OR (assessed IS NOT NULL AND met <= assessed
        AND percent = (200 * met + assessed) / (2 * assessed)))
);

CREATE TABLE reported_periods (
    rounds      TEXT NOT NULL,
    area        TEXT NOT NULL,
    requirement TEXT NOT NULL,
    percent     INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
    cases       INTEGER CHECK (cases > 0),
    source      TEXT NOT NULL,
    PRIMARY KEY (rounds, area, requirement)
);

CREATE TABLE judgements (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    requirement TEXT NOT NULL,
    since_round INTEGER,
    from_round  INTEGER,
    to_round    INTEGER,
    judgement   TEXT NOT NULL CHECK (judgement IN ('comparable', 'with_caveat', 'not_comparable', 'not_judged')),
    reason      TEXT NOT NULL,
    effect      TEXT CHECK (effect IN ('stricter', 'looser', 'unknown')),
    judged_by   TEXT NOT NULL,
    date        TEXT,
    note_da     TEXT NOT NULL,
    note_en     TEXT NOT NULL,
    source      TEXT NOT NULL,
    CHECK ((kind = 'break' AND since_round IS NOT NULL AND from_round IS NULL AND to_round IS NULL)
        OR (kind = 'pair' AND since_round IS NULL AND from_round IS NOT NULL AND to_round IS NOT NULL
            AND from_round < to_round))
);

-- The frozen results of one round. Rows are never changed; a correction is the next revision.
CREATE TABLE publications (
    round        INTEGER NOT NULL REFERENCES rounds (year),
    revision     INTEGER NOT NULL CHECK (revision > 0),
    published_at TIMESTAMP NOT NULL,
    PRIMARY KEY (round, revision)
);

CREATE TABLE publication_rows (
    round    INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    key      TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (round, revision, kind, key),
    FOREIGN KEY (round, revision) REFERENCES publications (round, revision)
);

-- The whole published data set after one act of publishing.
CREATE TABLE releases (
    number       INTEGER PRIMARY KEY CHECK (number > 0),
    published_at TIMESTAMP NOT NULL,
    results      INTEGER NOT NULL CHECK (results >= 0),
    disclosure   TEXT NOT NULL,
    checksum     TEXT NOT NULL
);

CREATE TABLE release_rounds (
    release  INTEGER NOT NULL REFERENCES releases (number),
    round    INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (release, round),
    FOREIGN KEY (round, revision) REFERENCES publications (round, revision)
);

CREATE TABLE release_rows (
    release INTEGER NOT NULL REFERENCES releases (number),
    kind    TEXT NOT NULL,
    key     TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (release, kind, key)
);

-- +goose Down
DROP TABLE release_rows;
DROP TABLE release_rounds;
DROP TABLE releases;
DROP TABLE publication_rows;
DROP TABLE publications;
DROP TABLE judgements;
DROP TABLE reported_periods;
DROP TABLE reported_results;
DROP TABLE case_outcomes;
DROP TABLE case_units;
DROP TABLE cases;
DROP TABLE participations;
DROP TABLE round_requirements;
DROP TABLE rounds;
DROP TABLE dataset;
