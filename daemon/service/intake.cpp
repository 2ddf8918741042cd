#include "service/intake.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "article/article.hpp"
#include "article/page_links.hpp"
#include "article/revision.hpp"
#include "feed/feed.hpp"
#include "selector/selector.hpp"
#include "service/pacing.hpp"
#include "store/async.hpp"

namespace dprkwatch::service {
namespace {

struct Parsed {
  feed::Feed feed;
  std::vector<std::string> identities;  // of its entries
  std::vector<std::int64_t> hashes;
};

// Which of a document's entries the store lacks, or has otherwise.
struct Lookup {
  std::vector<std::string> unknown;
  std::vector<std::string> changed;
  std::string window;  // of the document before
};

// "undeclared-entity (line 12), truncated (line 300)": what was mended, each code once.
std::string describe_warnings(const std::vector<feed::Warning>& warnings) {
  std::string text;
  std::unordered_set<std::string> told;
  for (const feed::Warning& warning : warnings) {
    if (!told.insert(warning.code).second) continue;
    if (!text.empty()) text += ", ";
    text += warning.code;
    if (warning.line != 0) text += " (line " + std::to_string(warning.line) + ")";
  }
  return text;
}

// The links of an index page, as the entries of a feed.
Result<feed::Feed> read_index(const Incoming& document, const config::FeedDetails& details) {
  article::LinkChoice choice{details.link_pattern, {}};
  if (!details.link_selector.empty()) {
    auto parsed = selector::parse(details.link_selector);  // checked when the configuration was read
    if (!parsed) return tl::unexpected(std::move(parsed.error()));
    choice.selector = std::move(*parsed);
  }
  feed::Feed feed;
  feed.format = "page";
  for (article::PageLink& link : article::links_of(document.body, document.url, choice)) {
    feed::Entry& entry = feed.entries.emplace_back();
    entry.url = std::move(link.url);
    entry.title.value = std::move(link.title);
  }
  if (feed.entries.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "the page has no link that `links` picks: it may have been rebuilt, or be an error page", document.url);
  }
  return feed;
}

Result<Parsed> parse(const Incoming& document, const config::Feed& config) {
  auto feed = parse_document(document, config);
  if (!feed) return tl::unexpected(std::move(feed.error()));
  Parsed parsed{std::move(*feed), {}, {}};
  for (const feed::Entry& entry : parsed.feed.entries) {
    parsed.identities.push_back(article::identity_of(entry));
    parsed.hashes.push_back(article::entry_hash(entry));
  }
  return parsed;
}

Result<Lookup> look_up(store::Transaction& store, store::FeedId feed, const Parsed& parsed) {
  auto window = store.window(feed);
  if (!window) return tl::unexpected(std::move(window.error()));
  auto unknown = store.unknown(feed, parsed.identities);
  if (!unknown) return tl::unexpected(std::move(unknown.error()));
  Lookup found{std::move(*unknown), {}, std::move(*window)};
  if (found.unknown.size() == parsed.identities.size()) return found;
  auto changed = store.changed(feed, parsed.identities, parsed.hashes);
  if (!changed) return tl::unexpected(std::move(changed.error()));
  found.changed = std::move(*changed);
  return found;
}

bool has_page(const config::Feed& feed, const std::string& url) {
  return (feed.full_text || feed.type == config::FeedType::kPage) && url.starts_with("http");
}

// Only what the feed has not had before is cleaned: that is the dear part.
Batch make_batch(const Parsed& parsed, const Lookup& found, const config::Feed& feed, store::FeedId id, Time fetched) {
  Batch batch;
  std::unordered_set<std::string> unknown(found.unknown.begin(), found.unknown.end());
  std::unordered_set<std::string> changed(found.changed.begin(), found.changed.end());
  std::vector<std::optional<Time>> dates;
  for (std::size_t i = 0; i < parsed.identities.size(); ++i) {
    const std::string& identity = parsed.identities[i];
    dates.push_back(parsed.feed.entries[i].published);
    const bool is_new = unknown.erase(identity) > 0;
    if (!is_new && changed.erase(identity) == 0) continue;
    article::Article made = article::make_article(parsed.feed.entries[i], parsed.feed, fetched);
    if (!is_new) {
      batch.edits.push_back({identity, parsed.hashes[i], std::move(made.title), std::move(made.text)});
      continue;
    }
    if (made.language.empty()) made.language = feed.language;
    const bool wants_page = has_page(feed, made.url);
    batch.articles.push_back({id, std::move(made.identity), std::move(made.url), std::move(made.title),
                              std::move(made.text), std::move(made.language), made.published, fetched, parsed.hashes[i],
                              wants_page});
  }
  batch.window = watch::window_of(parsed.identities);
  // The links of an index page come and go with what its editors think of them.
  const auto order = feed.type == config::FeedType::kPage ? watch::Order::kUnknown : watch::order_of(dates);
  batch.change = watch::compare(found.window, batch.window, order);
  batch.mended = describe_warnings(parsed.feed.warnings);
  return batch;
}

bool was_removed(const store::Article& article) {
  return article.revision && article.revision->kind == store::RevisionKind::kRemoved;
}

template <class Items, class Keep>
Result<void> each(const Items& items, Keep keep) {
  for (const auto& item : items) {
    if (auto done = keep(item); !done) return done;
  }
  return {};
}

// The operations of one transaction.
class Keeping {
 public:
  Keeping(store::Transaction& store, const config::Feed& feed, store::FeedId id, Time now)
      : store_(store), feed_(feed), id_(id), now_(now) {}

  // What is new, and what reads otherwise.
  Result<void> entries(const Batch& batch) {
    if (auto done = each(batch.articles, [&](const auto& article) { return insert(article); }); !done) return done;
    return each(batch.edits, [&](const auto& one) { return edit(one); });
  }

  Result<void> insert(const store::NewArticle& article) {
    auto inserted = store_.insert_article(article);
    if (!inserted) return tl::unexpected(std::move(inserted.error()));
    if (!*inserted) return {};
    ++taken_.articles;
    if (article.wants_page) ++taken_.pages;
    return {};
  }

  Result<void> edit(const Edit& edit) {
    auto article = find(edit.identity);
    if (!article || !*article) return drop_value(article);
    if (auto done = store_.set_entry_hash((*article)->id, edit.entry_hash); !done) return done;
    if (has_page(feed_, (*article)->url)) return look_at_page((*article)->id);
    const bool title_changed = article::is_edit((*article)->title, edit.title);
    if (!title_changed && !article::is_edit((*article)->text, edit.text)) return {};
    return revise(**article, store::RevisionKind::kEdited, "the feed shows another text", edit.title, edit.text);
  }

  Result<void> remove(const std::string& identity) {
    auto article = find(identity);
    if (!article || !*article) return drop_value(article);
    if (was_removed(**article)) return {};
    if (feed_.recheck && has_page(feed_, (*article)->url)) return look_at_page((*article)->id);
    return revise(**article, store::RevisionKind::kRemoved, "left the feed while older entries stayed",
                  (*article)->title, (*article)->text);
  }

  // An entry that the document before did not have: perhaps one that had been taken back.
  Result<void> restore(const std::string& identity) {
    auto article = find(identity);
    if (!article || !*article) return drop_value(article);
    if (!was_removed(**article)) return {};
    return revise(**article, store::RevisionKind::kRestored, "is in the feed again", (*article)->title,
                  (*article)->text);
  }

  Result<void> note_gap(const store::Gap& gap) {
    taken_.gap = gap;
    return store_.add_gap(gap);
  }

  [[nodiscard]] const Taken& taken() const { return taken_; }

 private:
  Result<std::optional<store::Article>> find(const std::string& identity) { return store_.find_article(id_, identity); }

  static Result<void> drop_value(const Result<std::optional<store::Article>>& article) {
    if (!article) return tl::unexpected(article.error());
    return {};
  }

  Result<void> look_at_page(store::ArticleId article) {
    ++taken_.pages;
    return store_.plan_page(article, now_, 0, 0);
  }

  Result<void> revise(const store::Article& article, store::RevisionKind kind, std::string detail, std::string title,
                      std::string text) {
    auto added = store_.add_revision(article.id, {kind, std::move(detail), std::move(title), std::move(text), now_});
    if (!added) return tl::unexpected(std::move(added.error()));
    if (*added) ++taken_.revisions;
    return {};
  }

  store::Transaction& store_;
  const config::Feed& feed_;
  store::FeedId id_;
  Time now_;
  Taken taken_;
};

Result<Taken> keep_batch(store::Transaction& store, const config::Feed& feed, const store::FeedState& state,
                         const Batch& batch, Time now) {
  Keeping keeping(store, feed, state.id, now);
  auto done = keeping.entries(batch);
  if (done) done = each(batch.change.removed, [&](const auto& identity) { return keeping.remove(identity); });
  if (done) done = each(batch.change.added, [&](const auto& identity) { return keeping.restore(identity); });
  if (done && batch.change.gap && batch.since) {
    const auto missed = watch::missed(now - *batch.since, state.entry_gap, batch.articles.size());
    done = keeping.note_gap({state.id, *batch.since, now, missed});
  }
  if (done && !batch.window.empty()) done = store.save_window(state.id, batch.window);
  if (done) done = store.save_feed(state);
  if (!done) return tl::unexpected(std::move(done.error()));
  return keeping.taken();
}

}  // namespace

Result<feed::Feed> parse_document(const Incoming& document, const config::Feed& config) {
  if (config.type == config::FeedType::kPage) return read_index(document, *config.details);
  return feed::parse(document.body, {document.url, document.content_type, {}});
}

boost::asio::awaitable<Result<Batch>> Intake::read(config::Feed feed, store::FeedState& state, Incoming document,
                                                   Time now) {
  auto parse_document = [&feed, document = std::move(document)] { return parse(document, feed); };
  Result<Parsed> parsed = co_await workers_.run(std::move(parse_document));
  if (!parsed) co_return tl::unexpected(std::move(parsed.error()));
  keep_wishes(state, parsed->feed, now);
  Lookup found;
  store::Job look = [&](store::Transaction& store) -> Result<void> {
    auto looked = look_up(store, state.id, *parsed);
    if (!looked) return tl::unexpected(std::move(looked.error()));
    found = std::move(*looked);
    return {};
  };
  Result<void> looked = co_await store::run_async(store_, std::move(look));
  if (!looked) co_return tl::unexpected(std::move(looked.error()));
  // What it works on lives in this frame, which waits for the worker.
  auto clean = [&parsed, &found, &feed, id = state.id, now] { return make_batch(*parsed, found, feed, id, now); };
  Batch batch = co_await workers_.run(std::move(clean));
  batch.since = state.last_success;
  batch.hub_urls = std::move(parsed->feed.hub_urls);
  batch.feed_url = std::move(parsed->feed.feed_url);
  co_return batch;
}

boost::asio::awaitable<Result<Taken>> Intake::keep(config::Feed feed, store::FeedState state, Batch batch, Time now) {
  Taken taken;
  store::Job job = [&](store::Transaction& store) -> Result<void> {
    auto kept = keep_batch(store, feed, state, batch, now);
    if (!kept) return tl::unexpected(std::move(kept.error()));
    taken = std::move(*kept);
    return {};
  };
  Result<void> done = co_await store::run_async(store_, std::move(job));
  if (!done) co_return tl::unexpected(std::move(done.error()));
  co_return taken;
}

boost::asio::awaitable<Result<Taken>> Intake::keep_pushed(config::Feed feed, store::FeedId id, Batch batch,
                                                          store::Job also, Time now) {
  Taken taken;
  store::Job job = [&](store::Transaction& store) -> Result<void> {
    Keeping keeping(store, feed, id, now);
    if (auto done = keeping.entries(batch); !done) return done;
    taken = keeping.taken();
    return also(store);
  };
  Result<void> done = co_await store::run_async(store_, std::move(job));
  if (!done) co_return tl::unexpected(std::move(done.error()));
  co_return taken;
}

}  // namespace dprkwatch::service
