#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "config/alerting_tables.hpp"
#include "config/table.hpp"

namespace dprkwatch::config {
namespace {

const Table<Range>& range_table() {
  static const Table<Range> table{
      {{"min", Type::kNumber, "", "At least."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Range& range) {
         range.min = reader.number(node, key);
       }},
      {{"max", Type::kNumber, "", "At most."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Range& range) {
         range.max = reader.number(node, key);
       }},
  };
  return table;
}

std::vector<KeyInfo> range_keys() {
  return infos(range_table());
}

void read_range(Reader& reader, const YAML::Node& node, const KeyInfo& key, double highest, Range& range) {
  read_object(reader, node, key.name, range_table(), range);
  for (const auto& bound : {range.min, range.max}) {
    if (bound && (*bound < 0 || *bound > highest)) {
      reader.mistake(node, std::string("`") + key.name + "`: expected bounds from 0 to " +
                               std::to_string(static_cast<int>(highest)));
      return;
    }
  }
  if (range.min && range.max && *range.min > *range.max) {
    reader.mistake(node, std::string("`") + key.name + "`: min is greater than max, so nothing can fit");
  }
}

bool is_side(std::string_view side) {
  constexpr std::array<std::string_view, 9> kSides{"DPRK", "USA", "ROK", "JPN", "CHN", "RUS", "UN", "OTHER", "*"};
  return std::find(kSides.begin(), kSides.end(), side) != kSides.end();
}

// One of the key's choices, or a list of them.
void read_choices(Reader& reader, const YAML::Node& node, const KeyInfo& key, std::vector<std::string>& chosen) {
  const auto check = [&](const YAML::Node& item) {
    if (const auto index = reader.choice(item, key)) chosen.emplace_back(key.choices[*index]);
  };
  if (node.IsSequence()) {
    reader.list(node, "labels", check);
  } else {
    check(node);
  }
}

const Table<RevisionCondition>& revision_table() {
  static const Table<RevisionCondition> table{
      {{"kind",
        Type::kStrings,
        "",
        "What happened to it; default: any.",
        false,
        0,
        0,
        {"edited", "removed", "restored"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, RevisionCondition& revision) {
         read_choices(reader, node, key, revision.kind);
       }},
      {{"rise", Type::kNumber, "", "Points of escalation that it has now more than before, at least.", false, -100,
        100},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, RevisionCondition& revision) {
         revision.rise = reader.number(node, key);
       }},
  };
  return table;
}

std::vector<KeyInfo> revision_keys() {
  return infos(revision_table());
}

void read_condition(Reader& reader, const YAML::Node& node, Condition& condition);

void read_conditions(Reader& reader, const YAML::Node& node, std::vector<Condition>& conditions) {
  const auto one = [&](const YAML::Node& item) { read_condition(reader, item, conditions.emplace_back()); };
  if (node.IsMap()) {
    one(node);
  } else {
    reader.list(node, "conditions", one);
  }
}

const Table<Condition>& condition_table() {
  static const Table<Condition> table{
      {{"relevance", Type::kStrings, "", "Any of about, passing.", false, 0, 0, {"about", "passing", "none"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_choices(reader, node, key, condition.relevance);
       }},
      {{"escalation", Type::kObject, "", "Bounds on the escalation, 0 to 100.", false, 0, 0, {}, &range_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_range(reader, node, key, 100, condition.escalation);
       }},
      {{"deescalation", Type::kObject, "", "Bounds on the de-escalation, 0 to 100.", false, 0, 0, {}, &range_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_range(reader, node, key, 100, condition.deescalation);
       }},
      {{"level", Type::kObject, "", "Bounds on the highest sentence level, 0 to 3.", false, 0, 0, {}, &range_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_range(reader, node, key, 3, condition.level);
       }},
      {{"dyad", Type::kStrings, "",
        "Any of these directed pairs, such as DPRK->USA or *->DPRK; scores are then its own."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.dyad = reader.strings(node, key);
         for (const std::string& dyad : condition.dyad) {
           const auto arrow = dyad.find("->");
           if (arrow == std::string::npos || !is_side(dyad.substr(0, arrow)) || !is_side(dyad.substr(arrow + 2))) {
             reader.mistake(node,
                            "`dyad`: `" + dyad + "`: expected ACTOR->TARGET of DPRK USA ROK JPN CHN RUS UN OTHER or *");
           }
         }
       }},
      {{"feed", Type::kStrings, "", "Any of these feeds, by name."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.feed = reader.strings(node, key);
       }},
      {{"language", Type::kStrings, "", "Any of these languages (en, ko, ja, zh, ru)."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.language = reader.strings(node, key);
       }},
      {{"revision",
        Type::kObject,
        "",
        "The article was edited, removed or restored after it was published; each revision alerts once.",
        false,
        0,
        0,
        {},
        &revision_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Condition& condition) {
         read_object(reader, node, "revision", revision_table(), condition.revision.emplace());
       }},
      {{"source", Type::kStrings, "", "Any of these outlets: `source` of a feed, or its name."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.source = reader.strings(node, key);
       }},
      {{"state",
        Type::kStrings,
        "",
        "The trend of the strongest pair is any of these.",
        false,
        0,
        0,
        {"calm", "elevated", "escalating", "crisis"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_choices(reader, node, key, condition.state);
       }},
      {{"text", Type::kStrings, "", "Any of these words or phrases stands in title or text, without case."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.text = reader.strings(node, key);
       }},
      {{"speaker", Type::kStrings, "",
        "Any of these is part of a statement's speaker, without case. The same statement must fit voice, conditional, "
        "level "
        "and dyad, when given."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.speaker = reader.strings(node, key);
       }},
      {{"voice", Type::kStrings, "", "A statement's voice is any of these.", false, 0, 0, {"own", "quote", "reported"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_choices(reader, node, key, condition.voice);
       }},
      {{"conditional",
        Type::kChoice,
        "",
        "Whether a statement hangs on a condition (\"if\").",
        false,
        0,
        0,
        {"true", "false"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         if (const auto index = reader.choice(node, key)) condition.conditional = *index == 0;
       }},
      {{"all_of", Type::kCondition, "", "Conditions that must all hold."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Condition& condition) {
         read_conditions(reader, node, condition.all_of);
       }},
      {{"any_of", Type::kCondition, "", "Conditions of which one must hold."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Condition& condition) {
         read_conditions(reader, node, condition.any_of);
       }},
      {{"not", Type::kCondition, "", "Conditions of which none may hold."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Condition& condition) {
         read_conditions(reader, node, condition.none_of);
       }},
  };
  return table;
}

void read_condition(Reader& reader, const YAML::Node& node, Condition& condition) {
  read_object(reader, node, "a condition", condition_table(), condition);
}

std::vector<KeyInfo> condition_keys() {
  return infos(condition_table());
}

void read_labels(Reader& reader, const YAML::Node& node, Rule& rule) {
  if (!node.IsMap()) {
    reader.mistake(node, "`labels`: expected a map of names and values");
    return;
  }
  for (const auto& entry : node) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
    if (!is_label_name(name) || !entry.second.IsScalar() || entry.second.Scalar().size() > 256) {
      reader.mistake(entry.first,
                     "`labels`: expected a name of letters, digits and _, and a value of at most 256 bytes");
    } else if (is_own_label(name)) {
      reader.mistake(entry.first, "`labels`: `" + name + "` is the daemon's own");
    } else {
      rule.labels.emplace_back(name, entry.second.Scalar());
    }
  }
}

}  // namespace

const Table<Rule>& rule_table() {
  static const Table<Rule> table{
      {{"name", Type::kString, "", "Unique; alerts carry it.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         assign(rule.name, reader.string(node, key));
       }},
      {{"when", Type::kObject, "", "When it alerts; all that is given must hold.", true, 0, 0, {}, &condition_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Rule& rule) {
         read_condition(reader, node, rule.when);
       }},
      {{"severity", Type::kChoice, "warning", "How much it matters.", false, 0, 0, {"info", "warning", "critical"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         constexpr std::array kSeverities{Severity::kInfo, Severity::kWarning, Severity::kCritical};
         if (const auto index = reader.choice(node, key)) rule.severity = kSeverities.at(*index);
       }},
      {{"receivers", Type::kStrings, "", "Who is told, by name; required unless `route` names receivers."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         rule.receivers = reader.strings(node, key);
         if (node.IsSequence() && node.size() == 0) reader.mistake(node, "`receivers`: expected at least one");
       }},
      {{"labels", Type::kFree, "{}", "Labels added to the alert's own, for routes and silences."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Rule& rule) { read_labels(reader, node, rule); }},
      {{"message", Type::kString, "",
        "The alert's line, with {fields} in braces (docs/alerting.md); default: the daemon's own."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         assign(rule.message, reader.string(node, key));
         if (const auto wrong = wrong_field(rule.message)) {
           reader.mistake(node, "`message`: there is no field {" + *wrong + "}; known: " + known_fields());
         }
       }},
      {{"min_stories", Type::kInteger, "1", "How many stories must meet the condition, within the time of `within`.",
        false, 1, 1000},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         if (const auto value = reader.integer(node, key)) rule.min_stories = static_cast<int>(*value);
       }},
      {{"within", Type::kDuration, "24h", "The time that min_stories looks back.", false, kMinute, 365 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         assign(rule.within, reader.duration(node, key));
       }},
      {{"resolve_after", Type::kDuration, "24h", "How long after the story's last article the alert ends.", false,
        kSecond, 365 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         assign(rule.resolve_after, reader.duration(node, key));
       }},
  };
  return table;
}

}  // namespace dprkwatch::config
