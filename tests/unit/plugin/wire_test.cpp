// The line protocol: what one side writes the other reads, and nothing that a plugin writes does harm.

#include "plugin/wire.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace dprkwatch::plugin::wire {
namespace {

std::string line_of(std::string out) {
  EXPECT_TRUE(out.ends_with('\n'));
  out.pop_back();
  EXPECT_EQ(out.find('\n'), std::string::npos) << "one object a line";
  return out;
}

Annotation rich() {
  Annotation annotation;
  annotation.analyzer = "rhetoric";
  annotation.kind = "statement";
  annotation.label = "3 \"three\"";
  annotation.score = 1.2502400000000002;
  annotation.probability = 0.1 + 0.2;
  annotation.actor = "DPRK";
  annotation.target = "USA";
  annotation.speaker = "김여정\n";
  annotation.voice = Voice::kQuote;
  annotation.conditional = true;
  annotation.spans = {{1, 2, -0.5, Field::kTitle}, {3, 40, 1.0 / 3, Field::kText}};
  annotation.details_json = R"({"a":[1,"x"]})";
  return annotation;
}

void expect_same(const Annotation& a, const Annotation& b) {
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.label, b.label);
  EXPECT_EQ(a.score, b.score);
  EXPECT_EQ(a.probability, b.probability);
  EXPECT_EQ(a.actor, b.actor);
  EXPECT_EQ(a.target, b.target);
  EXPECT_EQ(a.speaker, b.speaker);
  EXPECT_EQ(a.voice, b.voice);
  EXPECT_EQ(a.conditional, b.conditional);
  EXPECT_EQ(a.details_json, b.details_json);
  ASSERT_EQ(a.spans.size(), b.spans.size());
  for (std::size_t i = 0; i < a.spans.size(); ++i) {
    EXPECT_EQ(a.spans[i].begin, b.spans[i].begin);
    EXPECT_EQ(a.spans[i].end, b.spans[i].end);
    EXPECT_EQ(a.spans[i].contribution, b.spans[i].contribution);
    EXPECT_EQ(a.spans[i].field, b.spans[i].field);
  }
}

TEST(Wire, CarriesAnArticleUnchanged) {
  Input input;
  input.id = "id";
  input.title = "Title with \\ and \"";
  for (char c = 1; c < 0x20; ++c) input.text += c;
  input.text += "\x7f 북한 𝄞";
  input.language = "ko";
  input.url = "https://example.org/?a=1&b=\"";
  input.source = "KCNA";
  input.published = Time(std::chrono::milliseconds(1575774245123));
  input.unit = Unit::kSentence;
  std::string out;
  put_article(out, std::numeric_limits<std::uint64_t>::max(), input, {rich()}, Numbers::kExact);
  const auto read = read_request(line_of(out));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->type, Request::Type::kArticle);
  EXPECT_EQ(read->seq, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(read->input.id, input.id);
  EXPECT_EQ(read->input.title, input.title);
  EXPECT_EQ(read->input.text, input.text);
  EXPECT_EQ(read->input.language, input.language);
  EXPECT_EQ(read->input.url, input.url);
  EXPECT_EQ(read->input.source, input.source);
  EXPECT_EQ(read->input.published, input.published);
  EXPECT_EQ(read->input.unit, Unit::kSentence);
  ASSERT_EQ(read->earlier.size(), 1U);
  EXPECT_EQ(read->earlier[0].analyzer, "rhetoric");
  expect_same(read->earlier[0], rich());
}

TEST(Wire, CarriesAResultUnchanged) {
  std::string out;
  put_result(out, 7, {rich(), {}}, Numbers::kExact);
  const auto read = read_message(line_of(out));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->type, Message::Type::kResult);
  EXPECT_EQ(read->seq, 7U);
  ASSERT_EQ(read->annotations.size(), 2U);
  expect_same(read->annotations[0], rich());
}

TEST(Wire, KeepsDetailsOnOneLine) {
  Annotation annotation;
  annotation.details_json = "{\n\"a\": \"b\\nc\"\n}";
  std::string out;
  put_result(out, 1, {annotation});
  const auto read = read_message(line_of(out));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->annotations[0].details_json, R"({"a":"b\nc"})");
}

TEST(Wire, CarriesHelloErrorsAndLogs) {
  std::string out;
  put_hello(out, "keywords", R"({"words":["a"]})");
  const auto hello = read_request(line_of(out));
  ASSERT_TRUE(hello) << hello.error().message;
  EXPECT_EQ(hello->id, "keywords");
  EXPECT_EQ(hello->config_json, R"({"words":["a"]})");

  out.clear();
  put_descriptor(out, {{"keywords", "1.0", "Words", {"keyword"}, {"relevance"}}, {"dyad"}});
  const auto descriptor = read_message(line_of(out));
  ASSERT_TRUE(descriptor) << descriptor.error().message;
  EXPECT_EQ(descriptor->descriptor.info.needs, std::vector<std::string>{"relevance"});
  EXPECT_EQ(descriptor->descriptor.optional_needs, std::vector<std::string>{"dyad"});

  out.clear();
  put_error(out, 0, "no key `x`", ErrorCode::kInvalidConfig);
  const auto error = read_message(line_of(out));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, ErrorCode::kInvalidConfig);
  EXPECT_EQ(error->text, "no key `x`");

  out.clear();
  put_log(out, LogLevel::kError, "line\nline");
  const auto log = read_message(line_of(out));
  ASSERT_TRUE(log);
  EXPECT_EQ(log->level, LogLevel::kError);
  EXPECT_EQ(log->text, "line\nline");
}

TEST(Wire, RefusesWhatIsNoMessageAndSaysWhy) {
  const auto refused = [](const std::string& line) {
    const auto read = read_message(line);
    return read ? "accepted" : read.error().message;
  };
  EXPECT_NE(refused("").find("one JSON object a line"), std::string::npos);
  EXPECT_NE(refused("[]").find("one JSON object a line"), std::string::npos);
  EXPECT_NE(refused(std::string("{\"type\":\"pong\",\"seq\":1}\0", 24)).find("JSON"), std::string::npos);
  EXPECT_NE(refused(std::string(100, '[')).find("JSON"), std::string::npos);
  EXPECT_NE(refused(R"({"type":"dance"})").find("`type`"), std::string::npos);
  EXPECT_NE(refused(R"({"type":"result","annotations":[]})").find("`seq`"), std::string::npos);
  EXPECT_NE(refused(R"({"type":"result","seq":-1})").find("`seq`"), std::string::npos);
  EXPECT_NE(refused(R"({"type":"result","seq":1.5})").find("`seq`"), std::string::npos);
  EXPECT_NE(refused(R"({"type":"result","seq":1,"annotations":{}})").find("`annotations`"), std::string::npos);
  EXPECT_NE(refused(R"({"type":"result","seq":1,"annotations":[1]})").find("`annotations`"), std::string::npos);
  EXPECT_NE(refused(R"({"type":"result","seq":1,"annotations":[{"score":null}]})").find("`score`"), std::string::npos);
  EXPECT_NE(refused(R"({"type":"result","seq":1,"annotations":[{"spans":[{"begin":-1,"end":2}]}]})").find("`begin`"),
            std::string::npos);
  EXPECT_NE(refused(R"({"type":"result","seq":1,"annotations":[{"voice":"loud"}]})").find("`voice`"),
            std::string::npos);
  EXPECT_NE(refused(R"({"type":"result","seq":1,"annotations":[{"details":"x"}]})").find("`details`"),
            std::string::npos);
  EXPECT_NE(refused(R"({"type":"hello","protocol":2,"id":"x"})").find("`protocol`"), std::string::npos);
}

TEST(Wire, AnyPrefixOfALineIsRefusedOrRead) {
  std::string out;
  put_result(out, 7, {rich()});
  const std::string line = line_of(out);
  for (std::size_t size = 0; size < line.size(); ++size) {
    EXPECT_FALSE(read_message(std::string_view(line).substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace dprkwatch::plugin::wire
