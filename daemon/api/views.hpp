#pragma once
// Rows of the store as the JSON of the API. Private to api.

#include <boost/json.hpp>
#include <vector>

#include "plugin/plugin.hpp"
#include "store/reader.hpp"

namespace dprkwatch::api {

// `whole`: with text, annotations and versions.
[[nodiscard]] boost::json::object view(const store::ArticleRow& row, bool whole);
[[nodiscard]] boost::json::object view(const store::AlertRow& row);
[[nodiscard]] boost::json::object view(const store::DeliveryRow& row);
[[nodiscard]] boost::json::object view(const store::StoryRow& row);
// With its health at `now`, and the times among `gaps` in which it may have had entries unseen.
[[nodiscard]] boost::json::object view(const store::FeedState& feed, const std::vector<store::Gap>& gaps, Time now);
// With what changed, by words, against the version after it: its texts are `title` and `text`.
[[nodiscard]] boost::json::object view(const store::Revision& revision, const std::string& title, const std::string& text);
// When what was not seen: blind is not calm.
[[nodiscard]] boost::json::array view(const std::vector<store::Gap>& gaps, const std::vector<store::FeedState>& feeds);
// Of a feed's WebSub subscription; never its secret nor its callback.
[[nodiscard]] boost::json::object view(const store::Subscription& subscription, Time now);
[[nodiscard]] boost::json::object view(const store::Quarantined& row);
[[nodiscard]] boost::json::object view(const store::Counts& counts);
// {"dyads": [{"actor", "target", "days": [{"day", "articles", "escalation", "deescalation", "baseline", "state"}]}]}:
// of `rows` the days from `from` on; those before are the past that the states are judged against.
[[nodiscard]] boost::json::object view(const std::vector<store::SeriesRow>& rows, std::chrono::sys_days from);

}  // namespace dprkwatch::api
