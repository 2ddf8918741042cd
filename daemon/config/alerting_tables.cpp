#include "config/alerting_tables.hpp"

#include <unicode/ucal.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "config/table.hpp"

namespace dprkwatch::config {
namespace {

std::vector<Matcher> read_matchers(Reader& reader, const YAML::Node& node, const KeyInfo& key) {
  std::vector<Matcher> matchers;
  for (const std::string& text : reader.strings(node, key)) {
    auto matcher = parse_matcher(text);
    if (matcher) {
      matchers.push_back(std::move(*matcher));
    } else {
      reader.mistake(node, std::string("`") + key.name + "`: " + describe(matcher.error()));
    }
  }
  return matchers;
}

// ---- Times ----

std::optional<int> read_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int> index_in(std::string_view word, std::initializer_list<std::string_view> words) {
  int index = 0;
  for (const std::string_view known : words) {
    if (word == known) return index;
    ++index;
  }
  return std::nullopt;
}

std::optional<int> read_weekday(std::string_view text) {
  return index_in(text, {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"});
}

std::optional<int> read_month(std::string_view text) {
  const auto named = index_in(text, {"january", "february", "march", "april", "may", "june", "july", "august",
                                     "september", "october", "november", "december"});
  return named ? std::optional(*named + 1) : read_number(text);
}

// "monday:friday", "1:5", "-3:-1", or one alone; nothing when an end is none or out of bounds.
std::optional<Span> read_span(const std::string& text, std::optional<int> (*read)(std::string_view), int min, int max) {
  const auto colon = text.find(':');
  const auto from = read(std::string_view(text).substr(0, colon));
  const auto to = colon == std::string::npos ? from : read(std::string_view(text).substr(colon + 1));
  if (!from || !to || *from < min || *to > max || *to < min || *from > max) return std::nullopt;
  // 25:-1 is right: from the 25th to the end of the month.
  if (*from > *to && (*from > 0) == (*to > 0)) return std::nullopt;
  return Span{*from, *to};
}

void read_spans(Reader& reader, const YAML::Node& node, const KeyInfo& key,
                std::optional<int> (*read)(std::string_view), Span bounds, std::vector<Span>& spans) {
  for (const std::string& text : reader.strings(node, key)) {
    const auto span = read_span(text, read, bounds.from, bounds.to);
    if (span && !(bounds.from < 0 && (span->from == 0 || span->to == 0))) {
      spans.push_back(*span);
    } else {
      reader.mistake(node, std::string("`") + key.name + "`: `" + text + "`: expected one, or FROM:TO in rising order");
    }
  }
}

// "22:30" as minutes of the day; 24:00 is its end.
std::optional<int> read_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = read_number(text.substr(0, 2));
  const auto minute = read_number(text.substr(3));
  if (!hour || !minute || *hour < 0 || *minute < 0 || *minute > 59 || *hour * 60 + *minute > 1440) return std::nullopt;
  return *hour * 60 + *minute;
}

struct ClockSpan {
  std::optional<int> start;
  std::optional<int> end;
};

void read_clock_key(Reader& reader, const YAML::Node& node, const KeyInfo& key, std::optional<int>& minute) {
  const auto text = reader.string(node, key);
  if (!text) return;
  minute = read_clock(*text);
  if (!minute) reader.mistake(node, std::string("`") + key.name + "`: expected HH:MM from 00:00 to 24:00, in quotes");
}

const Table<ClockSpan>& clock_table() {
  static const Table<ClockSpan> table{
      {{"start_time", Type::kString, "", "From, HH:MM.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, ClockSpan& span) {
         read_clock_key(reader, node, key, span.start);
       }},
      {{"end_time", Type::kString, "", "Until, HH:MM; may be earlier than the start: over midnight.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, ClockSpan& span) {
         read_clock_key(reader, node, key, span.end);
       }},
  };
  return table;
}

std::vector<KeyInfo> clock_keys() {
  return infos(clock_table());
}

void read_clock_spans(Reader& reader, const YAML::Node& node, std::vector<Span>& minutes) {
  reader.list(node, "a span of the day", [&](const YAML::Node& item) {
    ClockSpan span;
    read_object(reader, item, "a span of the day", clock_table(), span);
    if (!span.start || !span.end) return;
    if (*span.start == *span.end) {
      reader.mistake(item, "the span of the day is empty");
    } else if (*span.start < *span.end) {
      minutes.push_back({*span.start, *span.end});
    } else {
      minutes.push_back({*span.start, 1440});
      minutes.push_back({0, *span.end});
    }
  });
}

bool is_zone(const std::string& name) {
  const std::u16string wide(name.begin(), name.end());
  std::array<UChar, 128> canonical{};
  UErrorCode error = U_ZERO_ERROR;
  UBool known = 0;
  ucal_getCanonicalTimeZoneID(wide.data(), static_cast<std::int32_t>(wide.size()), canonical.data(),
                              static_cast<std::int32_t>(canonical.size()), &known, &error);
  return U_SUCCESS(error) != 0;
}

const Table<TimeInterval>& interval_table() {
  static const Table<TimeInterval> table{
      {{"times", Type::kObjects, "", "Spans of the day.", false, 0, 0, {}, &clock_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, TimeInterval& interval) {
         read_clock_spans(reader, node, interval.minutes);
       }},
      {{"weekdays", Type::kStrings, "", "Days or spans of them, such as monday:friday."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, TimeInterval& interval) {
         read_spans(reader, node, key, &read_weekday, {0, 6}, interval.weekdays);
       }},
      {{"days_of_month", Type::kStrings, "", "1 to 31, from the end -1 to -31; spans such as 1:7 or -3:-1."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, TimeInterval& interval) {
         read_spans(reader, node, key, &read_number, {-31, 31}, interval.days_of_month);
       }},
      {{"months", Type::kStrings, "", "Names or numbers, or spans of them."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, TimeInterval& interval) {
         read_spans(reader, node, key, &read_month, {1, 12}, interval.months);
       }},
      {{"years", Type::kStrings, "", "Years or spans of them."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, TimeInterval& interval) {
         read_spans(reader, node, key, &read_number, {1970, 9999}, interval.years);
       }},
      {{"location", Type::kString, "UTC", "The time zone, by its IANA name (Asia/Seoul)."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, TimeInterval& interval) {
         assign(interval.location, reader.string(node, key));
         if (!is_zone(interval.location)) {
           reader.mistake(node, "`location`: expected the IANA name of a time zone, such as Asia/Seoul");
         }
       }},
  };
  return table;
}

std::vector<KeyInfo> interval_keys() {
  return infos(interval_table());
}

const Table<NamedTimes>& times_table() {
  static const Table<NamedTimes> table{
      {{"name", Type::kString, "", "What routes call it; unique.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, NamedTimes& times) {
         assign(times.name, reader.string(node, key));
       }},
      {{"time_intervals",
        Type::kObjects,
        "",
        "Any of these; of one, all that is given must fit.",
        true,
        0,
        0,
        {},
        &interval_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, NamedTimes& times) {
         reader.list(node, "a time interval", [&](const YAML::Node& item) {
           read_object(reader, item, "a time interval", interval_table(), times.intervals.emplace_back());
         });
       }},
  };
  return table;
}

// ---- Routes ----

void read_child_routes(Reader& reader, const YAML::Node& node, Route& route);

const Table<Route>& route_table() {
  static const Table<Route> table{
      {{"receivers", Type::kStrings, "", "Who is told; default: the parent's, at the root those of the rule."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Route& route) {
         route.receivers = reader.strings(node, key);
       }},
      {{"group_by", Type::kStrings, "[rule, story]",
        "Labels whose equal values put alerts into one message; [] puts all into one, [...] none together."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Route& route) {
         route.group_by = reader.strings(node, key);
       }},
      {{"group_wait", Type::kDuration, "0s", "How long a new group waits for further alerts.", false, 0, kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Route& route) {
         assign(route.group_wait, reader.duration(node, key));
       }},
      {{"group_interval", Type::kDuration, "5m", "The least time between two messages on a group that changed.", false,
        kSecond, 30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Route& route) {
         assign(route.group_interval, reader.duration(node, key));
       }},
      {{"repeat_interval", Type::kDuration, "24h", "How long a group that did not change stays quiet.", false, kSecond,
        365 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Route& route) {
         assign(route.repeat_interval, reader.duration(node, key));
       }},
      {{"matchers", Type::kStrings, "", "What labels must be: name=value, !=, =~ expression, !~."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Route& route) {
         route.matchers = read_matchers(reader, node, key);
       }},
      {{"continue",
        Type::kChoice,
        "false",
        "Whether the routes after it are asked too.",
        false,
        0,
        0,
        {"false", "true"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Route& route) {
         if (const auto index = reader.choice(node, key)) route.go_on = *index == 1;
       }},
      {{"mute_time_intervals", Type::kStrings, "", "Times, by name, when nothing is sent."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Route& route) {
         route.mute_times = reader.strings(node, key);
       }},
      {{"active_time_intervals", Type::kStrings, "", "Times, by name, outside which nothing is sent."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Route& route) {
         route.active_times = reader.strings(node, key);
       }},
      {{"routes", Type::kRoutes, "", "Routes below: the first whose matchers fit takes the alert."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Route& route) {
         read_child_routes(reader, node, route);
       }},
  };
  return table;
}

void read_child_routes(Reader& reader, const YAML::Node& node, Route& route) {
  reader.list(node, "a route", [&](const YAML::Node& item) {
    Route& child = route.routes.emplace_back();
    child.path = route.path + ".routes[" + std::to_string(route.routes.size() - 1) + "]";
    read_route(reader, item, child);
  });
}

// Hands down what the children did not say.
void inherit(const YAML::Node& node, Route& route) {
  std::size_t at = 0;
  for (Route& child : route.routes) {
    const YAML::Node own = node["routes"][at++];
    if (!own.IsMap()) continue;
    if (!own["receivers"]) child.receivers = route.receivers;
    if (!own["group_by"]) child.group_by = route.group_by;
    if (!own["group_wait"]) child.group_wait = route.group_wait;
    if (!own["group_interval"]) child.group_interval = route.group_interval;
    if (!own["repeat_interval"]) child.repeat_interval = route.repeat_interval;
    inherit(own, child);
  }
}

const Table<Inhibition>& inhibition_table() {
  static const Table<Inhibition> table{
      {{"source_matchers", Type::kStrings, "", "Which alerts hold others back while they fire.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Inhibition& inhibition) {
         inhibition.source = read_matchers(reader, node, key);
       }},
      {{"target_matchers", Type::kStrings, "", "Which alerts are held back.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Inhibition& inhibition) {
         inhibition.target = read_matchers(reader, node, key);
       }},
      {{"equal", Type::kStrings, "[]", "Labels that must have the same value in both."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Inhibition& inhibition) {
         inhibition.equal = reader.strings(node, key);
       }},
  };
  return table;
}

const Table<SelfAlerts>& self_alerts_table() {
  static const Table<SelfAlerts> table{
      {{"receivers", Type::kStrings, "", "Who is told; default: every receiver but the one in trouble."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, SelfAlerts& self) {
         self.receivers = reader.strings(node, key);
       }},
      {{"mode",
        Type::kChoice,
        "on",
        "Off: troubles stand in the log and in metrics alone.",
        false,
        0,
        0,
        {"on", "off"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, SelfAlerts& self) {
         if (const auto index = reader.choice(node, key)) self.on = *index == 0;
       }},
      {{"receiver_failing", Type::kDuration, "15m", "How long a receiver must fail.", false, kSecond, 30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, SelfAlerts& self) {
         assign(self.receiver_failing, reader.duration(node, key));
       }},
      {{"feed_failing", Type::kDuration, "6h", "How long a feed must fail.", false, kSecond, 30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, SelfAlerts& self) {
         assign(self.feed_failing, reader.duration(node, key));
       }},
      {{"feed_silent", Type::kBoolean, "false",
        "Also of a feed that answers and has no news, for ten times its usual gap and a day."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, SelfAlerts& self) {
         assign(self.feed_silent, reader.boolean(node, key));
       }},
  };
  return table;
}

void check_route(Reader& reader, const YAML::Node& node, const Route& route, const std::vector<std::string>& receivers,
                 const std::vector<std::string>& times) {
  const auto check = [&](const char* key, const std::vector<std::string>& wanted, const std::vector<std::string>& known,
                         const char* what) {
    if (!node[key]) return;
    for (const std::string& name : wanted) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::string meant = nearest(name, known);
      reader.mistake(node[key], std::string("there is no ") + what + " `" + name + "`" +
                                    (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
    }
  };
  check("receivers", route.receivers, receivers, "receiver");
  check("mute_time_intervals", route.mute_times, times, "time interval");
  check("active_time_intervals", route.active_times, times, "time interval");
  std::size_t at = 0;
  for (const Route& child : route.routes) {
    const YAML::Node own = node["routes"][at++];
    if (own.IsMap()) check_route(reader, own, child, receivers, times);
  }
}

}  // namespace

std::vector<KeyInfo> route_keys() {
  return infos(route_table());
}
std::vector<KeyInfo> times_keys() {
  return infos(times_table());
}
std::vector<KeyInfo> inhibition_keys() {
  return infos(inhibition_table());
}
std::vector<KeyInfo> self_alerts_keys() {
  return infos(self_alerts_table());
}

void read_route(Reader& reader, const YAML::Node& node, Route& route) {
  const bool is_root = route.path == "route";
  read_object(reader, node, "a route", route_table(), route);
  if (!is_root || !node.IsMap()) return;
  if (!route.matchers.empty()) reader.mistake(node["matchers"], "`matchers`: the root takes every alert");
  inherit(node, route);
}

void read_times(Reader& reader, const YAML::Node& node, std::vector<NamedTimes>& times) {
  reader.list(node, "named times", [&](const YAML::Node& item) {
    read_object(reader, item, "named times", times_table(), times.emplace_back());
  });
}

void read_inhibitions(Reader& reader, const YAML::Node& node, std::vector<Inhibition>& inhibitions) {
  reader.list(node, "an inhibition", [&](const YAML::Node& item) {
    read_object(reader, item, "an inhibition", inhibition_table(), inhibitions.emplace_back());
  });
}

void read_self_alerts(Reader& reader, const YAML::Node& node, SelfAlerts& self) {
  read_object(reader, node, "self_alerts", self_alerts_table(), self);
}

void check_alerting(Reader& reader, const YAML::Node& document, const Config& config,
                    const std::vector<std::string>& receivers, const std::vector<YAML::Node>& rules) {
  std::vector<std::string> times;
  for (const NamedTimes& named : config.times) {
    if (std::find(times.begin(), times.end(), named.name) != times.end()) {
      reader.mistake(document["time_intervals"], "two time intervals are called `" + named.name + "`");
    }
    times.push_back(named.name);
  }
  if (document["route"] && document["route"].IsMap()) {
    check_route(reader, document["route"], config.route, receivers, times);
  }
  for (const std::string& name : config.self_alerts.receivers) {
    if (std::find(receivers.begin(), receivers.end(), name) != receivers.end()) continue;
    reader.mistake(document["self_alerts"], "`self_alerts`: there is no receiver `" + name + "`");
  }
  for (std::size_t i = 0; i < config.rules.size(); ++i) {
    if (!config.rules[i].receivers.empty() || !config.route.receivers.empty() || rules[i]["receivers"]) continue;
    reader.mistake(rules[i], "a rule needs the key `receivers`, unless `route` names some");
  }
}

bool is_label_name(const std::string& name) {
  return parse_matcher(name + "=x").has_value();
}

bool is_own_label(const std::string& name) {
  return std::find(kOwnLabels.begin(), kOwnLabels.end(), name) != kOwnLabels.end();
}

std::optional<std::string> wrong_field(const std::string& message) {
  for (auto open = message.find('{'); open != std::string::npos; open = message.find('{', open + 1)) {
    const auto close = message.find('}', open);
    if (close == std::string::npos) return message.substr(open + 1);
    std::string name = message.substr(open + 1, close - open - 1);
    if (std::find(kMessageFields.begin(), kMessageFields.end(), name) == kMessageFields.end()) return name;
  }
  return std::nullopt;
}

std::string known_fields() {
  std::string list;
  for (const char* field : kMessageFields) list += (list.empty() ? "" : ", ") + std::string(field);
  return list;
}

}  // namespace dprkwatch::config
