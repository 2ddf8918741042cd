#include "relevance/lexicon.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

namespace dprkwatch::relevance {
namespace {

namespace json = boost::json;

constexpr std::size_t kAcronymBytes = 5;  // "NK", "SPA", "WPK": as words they mean other things
constexpr std::size_t kShortHangulBytes = 6;

constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"north", Role::kNorth},         {"weak", Role::kWeak},         {"state", Role::kState},
    {"peninsula", Role::kPeninsula}, {"south", Role::kSouth},       {"partner", Role::kPartner},
    {"foreign", Role::kForeign},     {"security", Role::kSecurity}, {"sport", Role::kSport},
    {"culture", Role::kCulture},     {"business", Role::kBusiness}, {"domestic", Role::kDomestic},
    {"history", Role::kHistory},     {"travel", Role::kTravel},     {"specialist", Role::kSpecialist},
    {"ignored", Role::kIgnored}};

constexpr std::pair<std::string_view, Kind> kKinds[] = {{"country", Kind::kCountry},         {"people", Kind::kCountry},
                                                        {"leader", Kind::kLeader},           {"person", Kind::kPerson},
                                                        {"outlet", Kind::kOutlet},           {"place", Kind::kPlace},
                                                        {"institution", Kind::kInstitution}, {"topic", Kind::kTopic}};

template <class Value, std::size_t size>
std::optional<Value> find_name(const std::pair<std::string_view, Value> (&table)[size], std::string_view name) {
  const auto* found =
      std::find_if(std::begin(table), std::end(table), [&](const auto& row) { return row.first == name; });
  if (found == std::end(table)) return std::nullopt;
  return found->second;
}

std::string text_of(const json::object& record, std::string_view key) {
  const json::value* value = record.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::vector<std::string> texts_of(const json::value* list) {
  std::vector<std::string> texts;
  if (list == nullptr || !list->is_array()) return texts;
  for (const json::value& item : list->get_array()) {
    if (item.is_string()) texts.emplace_back(item.get_string());
  }
  return texts;
}

// The records of {"version": 1, "<key>": [...]}.
json::array records_of(std::string_view bytes, std::string_view key, const std::string& file) {
  json::error_code error;
  const json::value document = json::parse(bytes, error);
  if (error) throw std::runtime_error(file + " is not JSON: " + error.message());
  const json::object* object = document.if_object();
  const json::value* version = object == nullptr ? nullptr : object->if_contains("version");
  if (version == nullptr || !version->is_int64() || version->get_int64() != 1) {
    throw std::runtime_error(file + ": expected an object with \"version\": 1");
  }
  const json::value* records = object->if_contains(key);
  if (records == nullptr || !records->is_array()) {
    throw std::runtime_error(file + ": expected a list \"" + std::string(key) + "\"");
  }
  return records->get_array();
}

bool is_acronym(const std::string& text) {
  return text.size() <= kAcronymBytes &&
         std::all_of(text.begin(), text.end(), [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

bool all_hangul(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    if (script_of(point.value) != Script::kHangul) return false;
    at += point.size;
  }
  return !text.empty();
}

// A name of the gazetteers with the marks that every such name gets by its spelling.
Term named(const std::string& text, Role role, Kind kind, std::uint32_t entity) {
  Term term;
  term.text = text;
  term.role = role;
  term.kind = kind;
  term.entity = entity;
  // DPRK and KCNA are nothing else in any case.
  term.case_matters = is_acronym(text) && text != "DPRK" && text != "KCNA";
  if (role == Role::kWeak) {
    term.case_matters = term.case_matters || (text[0] & 0x80) == 0;
    term.stands_alone = text.starts_with("the ") || text.size() <= 3;
  }
  return term;
}

Kind kind_of_actor(const json::object& record, const std::string& id) {
  if (id == "kim-jong-un" || id == "kim-jong-il" || id == "kim-il-sung") return Kind::kLeader;
  return find_name(kKinds, text_of(record, "type")).value_or(Kind::kTopic);
}

std::optional<Role> role_of_actor(const json::object& record) {
  const std::string code = text_of(record, "code");
  const std::string type = text_of(record, "type");
  if (code == "DPRK") return Role::kNorth;
  if (code == "ROK") return Role::kSouth;
  // Persons and bodies of other states say little about what a text is about; their countries do.
  if (type != "country" && type != "people") return std::nullopt;
  return code == "OTHER" ? Role::kForeign : Role::kPartner;
}

class Loader {
 public:
  void add_lexicon(std::string_view bytes) {
    for (const json::value& item : records_of(bytes, "terms", "lexicon.json")) {
      const json::object* record = item.if_object();
      const std::string text = record == nullptr ? std::string() : text_of(*record, "term");
      const auto role = record == nullptr ? std::nullopt : find_name(kRoles, text_of(*record, "role"));
      if (text.empty() || !role) {
        throw std::runtime_error("lexicon.json: a record needs \"term\" and a known \"role\": " +
                                 json::serialize(item));
      }
      Term term;
      term.text = text;
      term.role = *role;
      term.kind = find_name(kKinds, text_of(*record, "kind")).value_or(Kind::kTopic);
      term.entity = ++entities_;
      term.language = text_of(*record, "only");
      const auto marks = texts_of(record->if_contains("marks"));
      const auto marked = [&marks](const char* mark) {
        return std::find(marks.begin(), marks.end(), mark) != marks.end();
      };
      term.case_matters = marked("case");
      term.stands_alone = marked("alone");
      term.is_stem = marked("stem");
      terms_.add(std::move(term));
    }
  }

  // `of_north`: the records of the DPRK, or all others.
  void add_actors(std::string_view bytes, bool of_north) {
    for (const json::value& item : records_of(bytes, "actors", "seeds/actors.json")) {
      const json::object* record = item.if_object();
      if (record == nullptr) throw std::runtime_error("seeds/actors.json: a record is no object");
      const auto role = role_of_actor(*record);
      if (!role || (*role == Role::kNorth) != of_north) continue;
      add_record(*record, *role, kind_of_actor(*record, text_of(*record, "id")));
    }
  }

  void add_places(std::string_view bytes) {
    for (const json::value& item : records_of(bytes, "places", "seeds/places.json")) {
      const json::object* record = item.if_object();
      if (record == nullptr) throw std::runtime_error("seeds/places.json: a record is no object");
      const std::string country = text_of(*record, "country");
      if (country != "DPRK" && country != "ROK") continue;
      const bool north = country == "DPRK" && text_of(*record, "kind") != "border";
      const Role role = north ? Role::kNorth : country == "ROK" ? Role::kSouth : Role::kPeninsula;
      add_record(*record, role, Kind::kPlace);
    }
  }

  Terms finish() {
    terms_.freeze();
    return std::move(terms_);
  }

 private:
  void add_record(const json::object& record, Role role, Kind kind) {
    const auto listed = texts_of(record.if_contains("ambiguous"));
    const std::set<std::string> ambiguous(listed.begin(), listed.end());
    std::vector<std::string> texts = texts_of(record.if_contains("aliases"));
    if (const json::value* names = record.if_contains("names"); names != nullptr && names->is_object()) {
      for (const auto& [language, list] : names->get_object()) {
        for (std::string& text : texts_of(&list)) texts.push_back(std::move(text));
      }
    }
    const std::uint32_t entity = ++entities_;
    for (const std::string& text : texts) {
      Role own = role;
      if (ambiguous.contains(text)) {
        if (role != Role::kNorth) continue;  // doubtful words of others are no help
        own = Role::kWeak;
      }
      // Two syllables are often part of another word or a given name; the capital is in the lexicon.
      if (own == Role::kNorth && kind == Kind::kPlace && text.size() <= kShortHangulBytes && all_hangul(text)) {
        own = Role::kWeak;
      }
      terms_.add(named(text, own, kind, entity));
    }
    add_longer_words(record);
  }

  void add_longer_words(const json::object& record) {
    const json::value* within = record.if_contains("not_within");
    if (within == nullptr || !within->is_object()) return;
    for (const auto& [name, list] : within->get_object()) {
      for (const std::string& text : texts_of(&list)) terms_.add(named(text, Role::kIgnored, Kind::kTopic, 0));
    }
  }

  Terms terms_;
  std::uint32_t entities_ = 0;
};

}  // namespace

Terms load_terms(std::string_view actors_json, std::string_view places_json, std::string_view lexicon_json) {
  Loader loader;
  loader.add_lexicon(lexicon_json);
  loader.add_actors(actors_json, true);
  loader.add_places(places_json);
  loader.add_actors(actors_json, false);
  return loader.finish();
}

}  // namespace dprkwatch::relevance
