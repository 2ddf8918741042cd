#include "alert/rehearse_file.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>

#include "alert/manage.hpp"
#include "clock/parse_time.hpp"

namespace dprkwatch::alert {
namespace {

constexpr std::size_t kMaxBytes = 1024 * 1024;

// Reads maps and collects mistakes with their places.
class Source {
 public:
  explicit Source(std::string path) : path_(std::move(path)) {}

  using Reader = std::function<void(const YAML::Node&)>;
  using Keys = std::map<std::string, Reader>;

  void mistake(const YAML::Mark& mark, const std::string& message) {
    mistakes_.push_back({ErrorCode::kInvalidConfig, message,
                         path_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1)});
  }

  void map(const YAML::Node& node, const Keys& keys) {
    if (!node.IsMap()) {
      mistake(node.Mark(), "expected a map");
      return;
    }
    for (const auto& entry : node) {
      const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
      const auto found = keys.find(name);
      if (found != keys.end()) {
        found->second(entry.second);
        continue;
      }
      std::string known;
      for (const auto& [key, reader] : keys) known += (known.empty() ? "" : ", ") + key;
      mistake(entry.first.Mark(), "unknown key `" + name + "`; known: " + known);
    }
  }

  void list(const YAML::Node& node, const Reader& item) {
    if (!node.IsSequence()) {
      mistake(node.Mark(), "expected a list");
      return;
    }
    for (const auto& entry : node) item(entry);
  }

  Reader text(std::string& into) {
    return [this, &into](const YAML::Node& node) {
      if (node.IsScalar()) {
        into = node.Scalar();
      } else {
        mistake(node.Mark(), "expected text");
      }
    };
  }

  Reader number(double& into, double max) {
    return [this, &into, max](const YAML::Node& node) {
      try {
        into = node.as<double>();
      } catch (const YAML::Exception&) {
        into = -1;
      }
      if (!(into >= 0 && into <= max))
        mistake(node.Mark(), "expected a number from 0 to " + std::to_string(static_cast<int>(max)));
    };
  }

  Reader choice(std::size_t& into, const std::vector<std::string>& choices) {
    return [this, &into, choices](const YAML::Node& node) {
      const auto found = std::find(choices.begin(), choices.end(), node.IsScalar() ? node.Scalar() : "");
      into = static_cast<std::size_t>(found - choices.begin());
      if (found != choices.end()) return;
      into = 0;
      std::string known;
      for (const std::string& word : choices) known += (known.empty() ? "" : ", ") + word;
      mistake(node.Mark(), "expected one of " + known);
    };
  }

  Reader duration(Duration& into) {
    return [this, &into](const YAML::Node& node) {
      const std::string given = node.IsScalar() ? node.Scalar() : std::string();
      const auto length = given == "0s" ? std::optional(Duration::zero()) : parse_duration(given);
      if (length) {
        into = *length;
      } else {
        mistake(node.Mark(), "expected a duration such as 0s, 30s, 5m or 2h");
      }
    };
  }

  [[nodiscard]] std::string beside(const std::string& relative) const {
    return (std::filesystem::absolute(path_).parent_path() / relative).lexically_normal().string();
  }
  [[nodiscard]] std::vector<Error>& mistakes() { return mistakes_; }

 private:
  std::string path_;
  std::vector<Error> mistakes_;
};

void read_dyads(Source& source, const YAML::Node& node, plugin::Analysis& analysis) {
  if (!node.IsMap()) {
    source.mistake(node.Mark(), "expected a map of ACTOR->TARGET to escalation");
    return;
  }
  for (const auto& entry : node) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
    const auto arrow = name.find("->");
    if (arrow == std::string::npos) {
      source.mistake(entry.first.Mark(), "expected ACTOR->TARGET");
      continue;
    }
    plugin::Dyad& dyad = analysis.dyads.emplace_back();
    dyad.actor = name.substr(0, arrow);
    dyad.target = name.substr(arrow + 2);
    source.number(dyad.escalation, 100)(entry.second);
  }
  std::stable_sort(analysis.dyads.begin(), analysis.dyads.end(),
                   [](const plugin::Dyad& a, const plugin::Dyad& b) { return a.escalation > b.escalation; });
}

void read_statement(Source& source, const YAML::Node& node, plugin::Analysis& analysis) {
  plugin::Annotation& statement = analysis.annotations.emplace_back();
  statement.kind = "statement";
  double level = 1;
  std::size_t voice = 0;
  std::size_t conditional = 1;
  source.map(node, {{"actor", source.text(statement.actor)},
                    {"target", source.text(statement.target)},
                    {"speaker", source.text(statement.speaker)},
                    {"level", source.number(level, 3)},
                    {"voice", source.choice(voice, {"own", "quote", "reported"})},
                    {"conditional", source.choice(conditional, {"true", "false"})}});
  statement.label = std::to_string(static_cast<int>(level));
  statement.score = level;
  statement.voice = voice == 0 ? plugin::Voice::kOwn : voice == 1 ? plugin::Voice::kQuote : plugin::Voice::kReported;
  statement.conditional = conditional == 0;
}

void read_article(Source& source, const YAML::Node& node, PlayedArticle& article) {
  double level = 0;
  std::size_t relevance = 0;
  std::size_t state = 0;
  plugin::Analysis& analysis = article.analysis;
  source.map(node, {{"at", source.duration(article.at)},
                    {"story", source.text(article.story)},
                    {"title", source.text(article.title)},
                    {"text", source.text(article.text)},
                    {"url", source.text(article.url)},
                    {"feed", source.text(article.feed)},
                    {"language", source.text(article.language)},
                    {"relevance", source.choice(relevance, {"about", "passing"})},
                    {"escalation", source.number(analysis.escalation, 100)},
                    {"deescalation", source.number(analysis.deescalation, 100)},
                    {"level", source.number(level, 3)},
                    {"baseline", source.number(article.reading.baseline, 100)},
                    {"state", source.choice(state, {"calm", "elevated", "escalating", "crisis"})},
                    {"dyads", [&](const YAML::Node& inner) { read_dyads(source, inner, analysis); }},
                    {"statements", [&](const YAML::Node& inner) {
                       source.list(inner, [&](const YAML::Node& item) { read_statement(source, item, analysis); });
                     }}});
  if (article.story.empty()) source.mistake(node.Mark(), "an article needs the key `story`");
  analysis.level = static_cast<int>(level);
  analysis.relevance = relevance == 0 ? plugin::Relevance::kAbout : plugin::Relevance::kPassing;
  article.reading.state = static_cast<trend::State>(state);
  article.reading.today = analysis.escalation;
}

void read_expectation(Source& source, const YAML::Node& node, Expectation& expected) {
  const auto alerts = [&](const YAML::Node& list) {
    expected.alerts.emplace();
    source.list(list, [&](const YAML::Node& item) {
      ExpectedAlert& alert = expected.alerts->emplace_back();
      source.map(item, {{"rule", source.text(alert.rule)},
                        {"story", source.text(alert.story)},
                        {"severity", source.text(alert.severity)},
                        {"message", source.text(alert.message)}});
    });
  };
  const auto messages = [&](const YAML::Node& list) {
    expected.messages.emplace();
    source.list(list, [&](const YAML::Node& item) {
      ExpectedMessage& message = expected.messages->emplace_back();
      double count = -1;
      std::size_t type = 0;
      const std::vector<std::string> types{"alert.created", "alert.updated", "alert.resolved"};
      source.map(item, {{"receiver", source.text(message.receiver)},
                        {"type", source.choice(type, types)},
                        {"alerts", source.number(count, 100000)}});
      message.type = types[type];
      if (count >= 0) message.alerts = static_cast<std::int64_t>(count);
    });
  };
  source.map(node, {{"at", source.duration(expected.at)}, {"alerts", alerts}, {"messages", messages}});
}

void read_play(Source& source, const YAML::Node& node, Play& play) {
  std::string start = "2024-01-01T00:00:00Z";
  source.map(node, {{"name", source.text(play.name)},
                    {"start", source.text(start)},
                    {"articles",
                     [&](const YAML::Node& list) {
                       source.list(list, [&](const YAML::Node& item) {
                         read_article(source, item, play.articles.emplace_back());
                       });
                     }},
                    {"expect", [&](const YAML::Node& list) {
                       source.list(list, [&](const YAML::Node& item) {
                         read_expectation(source, item, play.expected.emplace_back());
                       });
                     }}});
  const auto time = parse_time(start);
  if (!time) source.mistake(node.Mark(), "`start`: expected a time such as 2019-12-08T03:04:05Z");
  play.start = time.value_or(Time{});
  if (play.expected.empty()) source.mistake(node.Mark(), "a test needs the key `expect`");
  const auto by_time = [](const auto& a, const auto& b) { return a.at < b.at; };
  std::stable_sort(play.articles.begin(), play.articles.end(), by_time);
  std::stable_sort(play.expected.begin(), play.expected.end(), by_time);
}

}  // namespace

tl::expected<PlayFile, std::vector<Error>> read_plays(std::string_view yaml, const std::string& path) {
  Source source(path);
  PlayFile file;
  if (yaml.size() > kMaxBytes) {
    source.mistake(YAML::Mark(), "larger than 1 MiB");
    return tl::unexpected(std::move(source.mistakes()));
  }
  try {
    const YAML::Node document = YAML::Load(std::string(yaml));
    source.map(document, {{"config", source.text(file.config)}, {"tests", [&](const YAML::Node& list) {
                                                                   source.list(list, [&](const YAML::Node& item) {
                                                                     read_play(source, item, file.plays.emplace_back());
                                                                   });
                                                                 }}});
    if (file.config.empty()) source.mistake(document.Mark(), "the file needs the key `config`: whose rules are tested");
    if (file.plays.empty()) source.mistake(document.Mark(), "the file needs the key `tests`");
  } catch (const YAML::Exception& error) {
    source.mistake(error.mark, "not YAML: " + error.msg);
  }
  if (!source.mistakes().empty()) return tl::unexpected(std::move(source.mistakes()));
  file.config = source.beside(file.config);
  return file;
}

}  // namespace dprkwatch::alert
