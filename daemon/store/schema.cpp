#include "store/schema.hpp"

#include <array>
#include <string>

namespace dprkwatch::store {
namespace {

// Times are milliseconds since the Unix epoch, days are days since it.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE feeds (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE,
  url           TEXT NOT NULL,
  etag          TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  last_poll     INTEGER,
  last_success  INTEGER,
  last_error    TEXT NOT NULL DEFAULT '',
  failures      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- state: 0 waits for analysis, 1 analysed, 2 seen (not about the subject; the text is not kept), 3 quarantined, 4 waits
-- for its page
CREATE TABLE articles (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  feed_id    INTEGER NOT NULL REFERENCES feeds(id),
  identity   TEXT NOT NULL,
  url        TEXT NOT NULL,
  title      TEXT NOT NULL,
  text       TEXT NOT NULL,
  language   TEXT NOT NULL,
  published  INTEGER,
  fetched    INTEGER NOT NULL,
  state      INTEGER NOT NULL DEFAULT 0,
  reason     TEXT NOT NULL DEFAULT '',
  UNIQUE (feed_id, identity)
) STRICT;
CREATE INDEX articles_pending ON articles(id) WHERE state = 0;

CREATE TABLE analyses (
  article_id            INTEGER PRIMARY KEY REFERENCES articles(id),
  relevance             TEXT NOT NULL,
  relevance_probability REAL NOT NULL,
  escalation            REAL NOT NULL,
  deescalation          REAL NOT NULL,
  level                 INTEGER NOT NULL,
  story                 TEXT NOT NULL,
  annotations           TEXT NOT NULL,
  versions              TEXT NOT NULL,
  analysed              INTEGER NOT NULL
) STRICT;
CREATE INDEX analyses_story ON analyses(story);

CREATE TABLE series (
  actor            TEXT NOT NULL,
  target           TEXT NOT NULL,
  day              INTEGER NOT NULL,
  articles         INTEGER NOT NULL,
  escalation_max   REAL NOT NULL,
  escalation_sum   REAL NOT NULL,
  deescalation_max REAL NOT NULL,
  PRIMARY KEY (actor, target, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
  id         TEXT PRIMARY KEY,
  rule       TEXT NOT NULL,
  story      TEXT NOT NULL,
  severity   TEXT NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  summary    TEXT NOT NULL,
  data       TEXT NOT NULL,
  created    INTEGER NOT NULL,
  UNIQUE (rule, story)
) STRICT;

CREATE TABLE receivers (
  name          TEXT PRIMARY KEY,
  last_sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- state: 0 pending, 1 delivered, 2 dead letter
CREATE TABLE outbox (
  id           INTEGER PRIMARY KEY,
  alert_id     TEXT NOT NULL REFERENCES alerts(id),
  receiver     TEXT NOT NULL,
  webhook_id   TEXT NOT NULL UNIQUE,
  sequence     INTEGER NOT NULL,
  body         TEXT NOT NULL,
  state        INTEGER NOT NULL DEFAULT 0,
  attempts     INTEGER NOT NULL DEFAULT 0,
  next_attempt INTEGER NOT NULL,
  UNIQUE (alert_id, receiver)
) STRICT;
CREATE INDEX outbox_due ON outbox(receiver, attempts > 0, next_attempt, sequence) WHERE state = 0;

CREATE TABLE attempts (
  delivery_id INTEGER NOT NULL REFERENCES outbox(id),
  attempt     INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  status      INTEGER NOT NULL,
  answer      TEXT NOT NULL,
  PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID;
)sql";

// When each feed is polled next and why, and what that is made from. Durations are milliseconds, 0 when unknown.
constexpr const char* kFeedPace = R"sql(
ALTER TABLE feeds ADD COLUMN next_poll     INTEGER;
ALTER TABLE feeds ADD COLUMN poll_why      TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN poll_interval INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN moved_url     TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN moved_times   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN entry_gap     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN newest_entry  INTEGER;
ALTER TABLE feeds ADD COLUMN ttl           INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN skip          TEXT NOT NULL DEFAULT '';
)sql";

// Articles that wait for their page (state 4), pages to look at, what was edited or removed after it was published, and
// what may have been missed. window: the first 16 hex digits of the identities of a feed's last document, in its order.
constexpr const char* kPagesAndRevisions = R"sql(
ALTER TABLE articles ADD COLUMN entry_hash INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN revised    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds    ADD COLUMN window     TEXT NOT NULL DEFAULT '';

CREATE TABLE pages (
  article_id INTEGER PRIMARY KEY REFERENCES articles(id),
  due        INTEGER NOT NULL,
  failures   INTEGER NOT NULL DEFAULT 0,
  looks      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX pages_due ON pages(due);

-- kind: 0 edited, 1 removed, 2 restored. Title, text and escalation: before.
CREATE TABLE revisions (
  article_id INTEGER NOT NULL REFERENCES articles(id),
  number     INTEGER NOT NULL,
  kind       INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  detail     TEXT NOT NULL,
  title      TEXT NOT NULL,
  text       TEXT NOT NULL,
  escalation REAL,
  PRIMARY KEY (article_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE gaps (
  feed_id INTEGER NOT NULL REFERENCES feeds(id),
  begin   INTEGER NOT NULL,
  end     INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  PRIMARY KEY (feed_id, begin)
) STRICT, WITHOUT ROWID;
)sql";

// state: 0 pending, 1 active, 2 denied, 3 leaving
constexpr const char* kWebSub = R"sql(
CREATE TABLE websub (
  token        TEXT PRIMARY KEY,
  callback     TEXT NOT NULL,
  feed_id      INTEGER NOT NULL REFERENCES feeds(id),
  hub          TEXT NOT NULL,
  topic        TEXT NOT NULL,
  secret       TEXT NOT NULL,
  state        INTEGER NOT NULL,
  asked        INTEGER NOT NULL,
  next_request INTEGER NOT NULL,
  failures     INTEGER NOT NULL,
  last_error   TEXT NOT NULL,
  lease_end    INTEGER,
  last_push    INTEGER,
  pushing      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// Quarantine: for which plugin, and since when. Articles that are analysed anew: as soon as none of the plugins of
// `waits_for` (ids in a JSON array) is down; `raises`: 0 for history, which raises no alerts.
constexpr const char* kReanalysis = R"sql(
ALTER TABLE articles ADD COLUMN quarantined_by TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN quarantined_at INTEGER;
CREATE INDEX articles_quarantined ON articles(id) WHERE state = 3;
CREATE INDEX articles_time ON articles(coalesce(published, fetched));
CREATE TABLE reanalyses (
  article_id INTEGER PRIMARY KEY REFERENCES articles(id),
  waits_for  TEXT NOT NULL,
  raises     INTEGER NOT NULL
) STRICT;
)sql";

// Alerts that live on after they were raised (state, acknowledgement, groups, silences), several messages an alert and
// receiver, and how receivers fare. alerts.article_id is empty for what the daemon raises about itself.
constexpr const char* kAlerting = R"sql(
CREATE TABLE attempts_kept AS SELECT * FROM attempts;
DROP TABLE attempts;
CREATE TABLE outbox_kept AS SELECT * FROM outbox;
DROP TABLE outbox;
CREATE TABLE alerts_kept AS SELECT rowid AS place, * FROM alerts;
DROP TABLE alerts;

-- state: 0 firing, 1 resolved
CREATE TABLE alerts (
  id            TEXT PRIMARY KEY,
  rule          TEXT NOT NULL,
  story         TEXT NOT NULL,
  severity      TEXT NOT NULL,
  article_id    INTEGER REFERENCES articles(id),
  summary       TEXT NOT NULL,
  data          TEXT NOT NULL,
  created       INTEGER NOT NULL,
  labels        TEXT NOT NULL DEFAULT '{}',
  state         INTEGER NOT NULL DEFAULT 0,
  updated       INTEGER NOT NULL,
  resolve_at    INTEGER,
  resolved      INTEGER,
  articles      INTEGER NOT NULL DEFAULT 1,
  acked         INTEGER,
  acked_by      TEXT NOT NULL DEFAULT '',
  acked_comment TEXT NOT NULL DEFAULT '',
  UNIQUE (rule, story)
) STRICT;
INSERT INTO alerts (rowid, id, rule, story, severity, article_id, summary, data, created, updated, resolve_at)
  SELECT place, id, rule, story, severity, article_id, summary, data, created, created, created + 86400000
  FROM alerts_kept;
DROP TABLE alerts_kept;
CREATE INDEX alerts_firing ON alerts(resolve_at) WHERE state = 0;
CREATE INDEX alerts_article ON alerts(article_id);

-- state: 0 pending, 1 delivered, 2 dead letter
CREATE TABLE outbox (
  id           INTEGER PRIMARY KEY,
  alert_id     TEXT NOT NULL REFERENCES alerts(id),
  receiver     TEXT NOT NULL,
  webhook_id   TEXT NOT NULL UNIQUE,
  sequence     INTEGER NOT NULL,
  body         TEXT NOT NULL,
  state        INTEGER NOT NULL DEFAULT 0,
  attempts     INTEGER NOT NULL DEFAULT 0,
  next_attempt INTEGER NOT NULL,
  tries        INTEGER NOT NULL DEFAULT 0,  -- since it was made or taken up again: the place in the schedule
  created      INTEGER NOT NULL,            -- or taken up again
  kind         TEXT NOT NULL DEFAULT 'alert.created',
  group_key    TEXT NOT NULL DEFAULT '',
  reason       TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO outbox (id, alert_id, receiver, webhook_id, sequence, body, state, attempts, next_attempt, tries, created)
  SELECT id, alert_id, receiver, webhook_id, sequence, body, state, attempts, next_attempt, attempts, next_attempt
  FROM outbox_kept;
DROP TABLE outbox_kept;
CREATE INDEX outbox_order ON outbox(receiver, sequence) WHERE state = 0;
CREATE INDEX outbox_due ON outbox(receiver, next_attempt) WHERE state = 0;
CREATE INDEX outbox_dead ON outbox(receiver) WHERE state = 2;
CREATE INDEX outbox_alert ON outbox(alert_id);
CREATE INDEX outbox_group ON outbox(group_key, sequence) WHERE kind = 'alert.created';

CREATE TABLE attempts (
  delivery_id INTEGER NOT NULL REFERENCES outbox(id),
  attempt     INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  status      INTEGER NOT NULL,
  answer      TEXT NOT NULL,
  PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID;
INSERT INTO attempts SELECT * FROM attempts_kept;
DROP TABLE attempts_kept;

ALTER TABLE receivers ADD COLUMN failures      INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receivers ADD COLUMN failing_since INTEGER;
ALTER TABLE receivers ADD COLUMN last_success  INTEGER;
ALTER TABLE receivers ADD COLUMN last_error    TEXT NOT NULL DEFAULT '';
ALTER TABLE receivers ADD COLUMN disabled      INTEGER;
ALTER TABLE receivers ADD COLUMN endpoint      TEXT NOT NULL DEFAULT '';

-- matchers: one a line
CREATE TABLE silences (
  id       TEXT PRIMARY KEY,
  matchers TEXT NOT NULL,
  author   TEXT NOT NULL,
  comment  TEXT NOT NULL,
  created  INTEGER NOT NULL,
  starts   INTEGER NOT NULL,
  ends     INTEGER NOT NULL
) STRICT;
CREATE INDEX silences_ends ON silences(ends);

CREATE TABLE groups (
  key        TEXT PRIMARY KEY,
  receiver   TEXT NOT NULL,
  route      TEXT NOT NULL,
  labels     TEXT NOT NULL,
  created    INTEGER NOT NULL,
  next_flush INTEGER,
  last_flush INTEGER,
  last_sent  INTEGER,
  messages   INTEGER NOT NULL DEFAULT 0,
  told       TEXT NOT NULL DEFAULT '',
  note       TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX groups_next ON groups(next_flush) WHERE next_flush IS NOT NULL;

CREATE TABLE group_alerts (
  group_key TEXT NOT NULL,
  alert_id  TEXT NOT NULL REFERENCES alerts(id),
  PRIMARY KEY (group_key, alert_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_alerts_alert ON group_alerts(alert_id);

-- Stories that met a rule that waits for several of them.
CREATE TABLE rule_matches (
  rule  TEXT NOT NULL,
  story TEXT NOT NULL,
  at    INTEGER NOT NULL,
  PRIMARY KEY (rule, story)
) STRICT, WITHOUT ROWID;
)sql";

// What lists of articles are chosen by. The index of words holds what is relevant, as text/search_terms.hpp cuts it; it
// is filled later, from search_due, and keeps no text: what leaves it is told to it as it was. A text that an analysis
// has called irrelevant since stays in it.
constexpr const char* kSearch = R"sql(
CREATE INDEX articles_feed ON articles(feed_id);
CREATE INDEX articles_language ON articles(language);
CREATE INDEX analyses_scores ON analyses(article_id, escalation, relevance);
CREATE TABLE article_dyads (
  actor      TEXT NOT NULL,
  target     TEXT NOT NULL,
  article_id INTEGER NOT NULL,
  PRIMARY KEY (actor, target, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_dyads_article ON article_dyads(article_id);
CREATE VIRTUAL TABLE search USING fts5(words, pairs, singles, starts, content = '', columnsize = 0,
  tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE search_docs (article_id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE search_due (article_id INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER analyses_found AFTER INSERT ON analyses WHEN NEW.relevance <> 'none' BEGIN
  INSERT OR IGNORE INTO search_due (article_id) VALUES (NEW.article_id);
  DELETE FROM article_dyads WHERE article_id = NEW.article_id;
  INSERT OR IGNORE INTO article_dyads (actor, target, article_id)
    SELECT value ->> 'actor', value ->> 'target', NEW.article_id
    FROM json_each(CASE WHEN json_valid(NEW.annotations) THEN NEW.annotations ELSE '[]' END)
    WHERE value ->> 'kind' = 'dyad' AND value ->> 'actor' IS NOT NULL AND value ->> 'target' IS NOT NULL;
END;
CREATE TRIGGER articles_rewritten AFTER UPDATE OF title, text ON articles
WHEN EXISTS (SELECT 1 FROM search_docs WHERE article_id = OLD.id) BEGIN
  INSERT INTO search (search, rowid, words, pairs, singles, starts)
    SELECT 'delete', OLD.id, search_terms(content, 'words'), search_terms(content, 'pairs'),
      search_terms(content, 'singles'), search_terms(content, 'starts')
    FROM (SELECT OLD.title || char(10) || OLD.text AS content);
  DELETE FROM search_docs WHERE article_id = OLD.id;
  INSERT OR IGNORE INTO search_due (article_id) VALUES (OLD.id);
END;
CREATE TRIGGER articles_removed BEFORE DELETE ON articles BEGIN
  INSERT INTO search (search, rowid, words, pairs, singles, starts)
    SELECT 'delete', OLD.id, search_terms(content, 'words'), search_terms(content, 'pairs'),
      search_terms(content, 'singles'), search_terms(content, 'starts')
    FROM (SELECT OLD.title || char(10) || OLD.text AS content)
    WHERE EXISTS (SELECT 1 FROM search_docs WHERE article_id = OLD.id);
  DELETE FROM search_docs WHERE article_id = OLD.id;
  DELETE FROM search_due WHERE article_id = OLD.id;
  DELETE FROM article_dyads WHERE article_id = OLD.id;
END;
-- Counted as they come: counting a million articles reads the whole store.
CREATE INDEX articles_awaiting_page ON articles(id) WHERE state = 4;
CREATE TABLE totals (articles INTEGER NOT NULL) STRICT;
INSERT INTO totals SELECT count(*) FROM articles;
CREATE TRIGGER articles_counted AFTER INSERT ON articles BEGIN
  UPDATE totals SET articles = articles + 1;
END;
CREATE TRIGGER articles_uncounted AFTER DELETE ON articles BEGIN
  UPDATE totals SET articles = articles - 1;
END;
INSERT INTO search_due (article_id) SELECT article_id FROM analyses WHERE relevance <> 'none';
INSERT OR IGNORE INTO article_dyads (actor, target, article_id)
  SELECT value ->> 'actor', value ->> 'target', article_id
  FROM analyses, json_each(CASE WHEN json_valid(annotations) THEN annotations ELSE '[]' END)
  WHERE value ->> 'kind' = 'dyad' AND value ->> 'actor' IS NOT NULL AND value ->> 'target' IS NOT NULL;
)sql";

constexpr std::array kMigrations{kVersion1, kFeedPace, kPagesAndRevisions, kWebSub, kReanalysis, kAlerting, kSearch};

}  // namespace

Result<void> expect_current(Database& database) {
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (*version == static_cast<std::int64_t>(kMigrations.size())) return {};
  return fail(ErrorCode::kStorage, "the store has schema version " + std::to_string(*version) + ", this program has " +
                                       std::to_string(kMigrations.size()) +
                                       "; start the daemon of this version on it first");
}

Result<void> migrate(Database& database) {
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (*version > static_cast<std::int64_t>(kMigrations.size())) {
    return fail(ErrorCode::kStorage, "the store has schema version " + std::to_string(*version) +
                                         ", this program knows up to " + std::to_string(kMigrations.size()) +
                                         "; use the newer dprkwatch, or another store");
  }
  for (auto next = static_cast<std::size_t>(*version); next < kMigrations.size(); ++next) {
    const std::string sql = std::string("BEGIN IMMEDIATE;") + kMigrations[next] +
                            "PRAGMA user_version = " + std::to_string(next + 1) + ";COMMIT;";
    if (auto done = database.execute(sql.c_str()); !done) {
      if (database.in_transaction()) (void)database.execute("ROLLBACK");
      return done;
    }
  }
  return {};
}

}  // namespace dprkwatch::store
