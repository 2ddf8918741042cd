#include <boost/json.hpp>
#include <condition_variable>
#include <deque>
#include <istream>
#include <mutex>
#include <ostream>
#include <thread>

#include "plugin/analyze.hpp"

namespace dprkwatch::plugin {
namespace {

namespace json = boost::json;

constexpr std::size_t kBatch = 64;       // lines a worker takes at a time
constexpr std::size_t kMaxBatches = 64;  // read and not yet written: bounds the memory

struct Batch {
  std::uint64_t first_line = 0;
  std::vector<std::string> lines;
  std::string output;
  std::uint64_t failed = 0;
  bool done = false;
};

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// "2019-12-08" or "2019-12-08T03:04:05Z": the day is what the analyzers read.
std::optional<Time> day_at(const json::object& object) {
  const std::string text = text_at(object, "date");
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) < 2) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day == 0 ? 1 : day)};
  if (!date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date));
}

// A line as it was read: its article, or why it is none.
struct Line {
  std::string id = "null";  // the JSON value that is carried over
  Result<Input> input;
};

Line read_line(const std::string& text) {
  json::error_code problem;
  json::parse_options options;
  options.max_depth = 16;
  const json::value value = json::parse(text, problem, {}, options);
  if (problem) return {"null", fail(ErrorCode::kInvalidInput, "not JSON: " + problem.message())};
  if (!value.is_object()) {
    return {"null", fail(ErrorCode::kInvalidInput, "expected an object {id, text, title, date, source, lang}")};
  }
  const json::object& object = value.as_object();
  Line line;
  if (const auto* given = object.if_contains("id")) line.id = json::serialize(*given);
  const auto* body = object.if_contains("text");
  if (body == nullptr || !body->is_string()) {
    line.input = fail(ErrorCode::kInvalidInput, "expected a string \"text\"");
    return line;
  }
  line.input->id = line.id;
  line.input->text = std::string(body->as_string());
  line.input->title = text_at(object, "title");
  line.input->source = text_at(object, "source");
  line.input->language = text_at(object, "lang");
  line.input->url = text_at(object, "url");
  line.input->published = day_at(object);
  if (text_at(object, "unit") == "sentence") line.input->unit = Unit::kSentence;
  return line;
}

void put_failure(std::string& output, const std::string& id, std::uint64_t number, const std::string& message) {
  output += R"({"id":)" + id + R"(,"error":{"line":)" + std::to_string(number) + R"(,"message":)" +
            json::serialize(json::string(message)) + "}}";
}

void put_result(std::string& output, const std::string& id, const Input& input, const Analysis& analysis) {
  if (input.unit == Unit::kSentence) {
    output += to_sentence_json(id, analysis);
  } else {
    output += R"({"id":)" + id + "," + to_json(input, analysis).substr(1);
  }
}

// The articles of all lines at once: plugins in a process of their own get many at a time.
void analyze_batch(Batch& batch, Chain& chain) {
  std::vector<Line> lines;
  std::vector<Input> inputs;
  lines.reserve(batch.lines.size());
  for (const std::string& text : batch.lines) {
    lines.push_back(read_line(text));
    if (lines.back().input) inputs.push_back(std::move(*lines.back().input));
  }
  const auto analyses = chain.analyze_all(inputs, /*complete=*/true);
  std::size_t next = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const std::uint64_t number = batch.first_line + i;
    if (!line.input) {
      put_failure(batch.output, line.id, number, line.input.error().message);
    } else if (const auto& analysis = analyses[next]; analysis) {
      put_result(batch.output, line.id, inputs[next], *analysis);
    } else {
      put_failure(batch.output, line.id, number, describe(analysis.error()));
    }
    const bool failed = !line.input || !analyses[next];
    batch.failed += failed ? 1 : 0;
    next += line.input ? 1 : 0;
    batch.output += '\n';
  }
}

// Batches in order: the reader adds, workers take, the writer waits for the first to be done.
class Pipeline {
 public:
  Pipeline(std::istream& input, std::ostream& output) : input_(input), output_(output) {}

  // The reading and writing thread's part.
  LineTotals run() {
    LineTotals totals;
    bool more = true;
    while (more || !batches_.empty()) {
      if (more && batches_.size() < kMaxBatches) {
        more = read_batch();
        continue;
      }
      std::unique_lock lock(mutex_);
      done_.wait(lock, [this] { return batches_.front()->done; });
      const auto batch = std::move(batches_.front());
      batches_.pop_front();
      lock.unlock();
      output_ << batch->output;
      totals.lines += batch->lines.size();
      totals.failed += batch->failed;
    }
    const std::lock_guard lock(mutex_);
    finished_ = true;
    ready_.notify_all();
    return totals;
  }

  // A worker's part.
  void work(Chain& chain) {
    for (;;) {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return finished_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      Batch& batch = *waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      analyze_batch(batch, chain);
      lock.lock();
      batch.done = true;
      done_.notify_one();
    }
  }

 private:
  // False at the end of the input.
  bool read_batch() {
    auto batch = std::make_unique<Batch>();
    batch->first_line = next_line_;
    std::string line;
    while (batch->lines.size() < kBatch && std::getline(input_, line)) {
      ++next_line_;
      if (line.find_first_not_of(" \t\r") == std::string::npos) {
        if (batch->lines.empty()) batch->first_line = next_line_;
        if (!batch->lines.empty()) break;  // keeps the line numbers of a batch consecutive
        continue;
      }
      batch->lines.push_back(std::move(line));
    }
    const bool more = !input_.eof() && !input_.fail();
    if (!batch->lines.empty()) {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(batch.get());
      batches_.push_back(std::move(batch));
      ready_.notify_one();
    }
    return more;
  }

  std::istream& input_;
  std::ostream& output_;
  std::uint64_t next_line_ = 1;
  std::mutex mutex_;  // guards the rest, and Batch::done
  std::condition_variable ready_;
  std::condition_variable done_;
  std::deque<std::unique_ptr<Batch>> batches_;
  std::deque<Batch*> waiting_;
  bool finished_ = false;
};

}  // namespace

Result<LineTotals> analyze_lines(std::istream& input, std::ostream& output, Host& host, std::size_t workers) {
  std::vector<std::unique_ptr<Chain>> chains;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, workers); ++i) {
    auto chain = host.make_chain();
    if (!chain) return tl::unexpected(std::move(chain.error()));
    chains.push_back(std::move(*chain));
  }
  Pipeline pipeline(input, output);
  std::vector<std::thread> threads;
  threads.reserve(chains.size());
  for (const auto& chain : chains) threads.emplace_back([&] { pipeline.work(*chain); });
  const LineTotals totals = pipeline.run();
  for (std::thread& thread : threads) thread.join();
  return totals;
}

}  // namespace dprkwatch::plugin
