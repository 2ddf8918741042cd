// The examples of docs/plugin-guide.md do what they say, in every mode that they can run in.

#include "fixture.hpp"

namespace dprkwatch::plugin {
namespace {

using config::PluginMode;

TEST(Examples, CountsShoutsInCpp) {
  for (const auto mode : {PluginMode::kInProcess, PluginMode::kIsolated}) {
    auto plugin = shared_object("exclaim", mode, "examples");
    plugin.config_json = R"({"weight":2})";
    const auto loaded = load_chain({plugin});
    const auto analysis = loaded.chain->analyze(text("Fire! Fury! Talks."));
    ASSERT_TRUE(analysis) << describe(analysis.error());
    ASSERT_EQ(analysis->annotations.size(), 1U);
    EXPECT_EQ(analysis->annotations[0].score, 4);
    ASSERT_EQ(analysis->annotations[0].spans.size(), 2U);
    EXPECT_EQ(analysis->annotations[0].spans[1].begin, 10U);
  }
}

TEST(Examples, MeasuresLengthInC) {
  for (const auto mode : {PluginMode::kInProcess, PluginMode::kIsolated}) {
    const auto loaded = load_chain({shared_object("length", mode, "examples")});
    const auto analysis = loaded.chain->analyze(text("seven\n\"\\"));
    ASSERT_TRUE(analysis) << describe(analysis.error());
    ASSERT_EQ(analysis->annotations.size(), 1U);
    EXPECT_EQ(analysis->annotations[0].score, 8);
  }
}

TEST(Examples, MarksWordsInPython) {
  auto plugin = program("keywords", "plugins/examples/python/keywords.py");
  plugin.config_json = R"({"words":["핵","missile"]})";
  const auto loaded = load_chain({plugin});
  Input input = text("북한의 핵 시험, a Missile");
  input.title = "missile";
  const auto analysis = loaded.chain->analyze(input);
  ASSERT_TRUE(analysis) << describe(analysis.error());
  ASSERT_EQ(analysis->annotations.size(), 3U);
  EXPECT_EQ(analysis->annotations[0].spans[0].field, Field::kTitle);
  const Span& korean = analysis->annotations[1].spans[0];
  EXPECT_EQ(input.text.substr(korean.begin, korean.end - korean.begin), "핵");
  const Span& english = analysis->annotations[2].spans[0];
  EXPECT_EQ(input.text.substr(english.begin, english.end - english.begin), "Missile");
}

TEST(Examples, RefuseConfigurationsTheyDoNotKnow) {
  auto python = program("keywords", "plugins/examples/python/keywords.py");
  auto cpp = shared_object("exclaim", PluginMode::kIsolated, "examples");
  auto c = shared_object("length", PluginMode::kInProcess, "examples");
  for (auto* plugin : {&python, &cpp, &c}) plugin->config_json = R"({"colour":"red"})";
  for (const auto& plugin : {python, cpp, c}) {
    const auto host = load({plugin}, default_paths());
    ASSERT_FALSE(host) << plugin.id;
    EXPECT_EQ(host.error().front().code, ErrorCode::kInvalidConfig) << describe(host.error().front());
  }
}

TEST(Examples, SeeWhatEarlierAnalyzersFound) {
  // The same chain in both modes gives the same annotations, word for word.
  std::vector<Analysis> found;
  for (const auto mode : {PluginMode::kInProcess, PluginMode::kIsolated}) {
    config::Plugin relevance;
    relevance.id = "relevance";
    config::Plugin rhetoric;
    rhetoric.id = "rhetoric";
    relevance.mode = rhetoric.mode = mode;
    const auto loaded = load_chain({relevance, rhetoric});
    Input input = text(
        "North Korea said on Tuesday that it will turn Seoul into a sea of fire if the drills go on.\n"
        "\"We will strike without mercy,\" the KCNA statement said.");
    input.title = "North Korea threatens \"sea of fire\"";
    const auto analysis = loaded.chain->analyze(input);
    ASSERT_TRUE(analysis) << describe(analysis.error());
    found.push_back(*analysis);
  }
  ASSERT_EQ(found[0].annotations.size(), found[1].annotations.size());
  EXPECT_GT(found[0].annotations.size(), 2U);
  EXPECT_EQ(found[0].escalation, found[1].escalation);
  for (std::size_t i = 0; i < found[0].annotations.size(); ++i) {
    const Annotation& in_process = found[0].annotations[i];
    const Annotation& isolated = found[1].annotations[i];
    EXPECT_EQ(in_process.kind, isolated.kind);
    EXPECT_EQ(in_process.score, isolated.score);
    EXPECT_EQ(in_process.label, isolated.label);
    EXPECT_EQ(in_process.speaker, isolated.speaker);
    EXPECT_EQ(in_process.voice, isolated.voice);
    ASSERT_EQ(in_process.spans.size(), isolated.spans.size());
    for (std::size_t j = 0; j < in_process.spans.size(); ++j) {
      EXPECT_EQ(in_process.spans[j].begin, isolated.spans[j].begin);
      EXPECT_EQ(in_process.spans[j].end, isolated.spans[j].end);
      EXPECT_EQ(in_process.spans[j].contribution, isolated.spans[j].contribution);
    }
  }
}

}  // namespace
}  // namespace dprkwatch::plugin
