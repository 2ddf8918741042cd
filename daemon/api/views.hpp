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
[[nodiscard]] boost::json::object view(const store::FeedState& feed);
[[nodiscard]] boost::json::object view(const store::Quarantined& row);
[[nodiscard]] boost::json::object view(const store::Counts& counts);
// {"dyads": [{"actor", "target", "days": [{"day", "articles", "escalation", "deescalation", "baseline", "state"}]}]}:
// of `rows` the days from `from` on; those before are the past that the states are judged against.
[[nodiscard]] boost::json::object view(const std::vector<store::SeriesRow>& rows, std::chrono::sys_days from);

}  // namespace dprkwatch::api
