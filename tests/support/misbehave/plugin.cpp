// An analyzer that does what the first word of the text says, mostly harm. Where an act can fail, the label of its
// finding says whether it did: "done" or "refused".

#include "dprkwatch/plugin.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace sdk = dprkwatch::sdk;

constexpr sdk::Descriptor kDescriptor{
    .id = "misbehave", .version = "1", .summary = "Harm on demand", .provides = "act"};

bool opens_socket() {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  if (made >= 0) close(made);
  return made >= 0;
}

bool opens(const char* path, int flags) {
  const int file = open(path, flags, 0600);
  if (file >= 0) close(file);
  return file >= 0;
}

bool forks() {
  const pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  return child > 0;
}

[[noreturn]] void hang() {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

void leak() {
  std::vector<std::string> kept;
  for (;;) kept.emplace_back(std::size_t{16} << 20, 'x');
}

void flood() {
  for (int i = 0; i < 100'000; ++i) std::puts("a line that nobody asked for");
  std::fflush(stdout);
}

// Garbage, or an answer for an article that it was not asked, into every descriptor there may be.
void write_everywhere(std::string_view line) {
  for (int descriptor = 0; descriptor < 16; ++descriptor) {
    if (write(descriptor, line.data(), line.size()) < 0) continue;
  }
}

// The text behind `"name":"` in the configuration, which is ours to keep simple.
std::string setting(std::string_view config, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":\"";
  const auto at = config.find(key);
  if (at == std::string_view::npos) return {};
  const auto begin = at + key.size();
  return std::string(config.substr(begin, config.find('"', begin) - begin));
}

class Misbehave final : public sdk::Analyzer {
 public:
  explicit Misbehave(const sdk::Host& host) : host_(host) {}
  void configure(std::string_view config) override {
    if (config.find("\"die\"") != std::string_view::npos) {
      std::fputs("no reason to live\n", stderr);
      _exit(1);
    }
    always_ = setting(config, "always");
    spared_ = setting(config, "but");
    if (config.find("\"gauges\"") == std::string_view::npos) return;
    host_.metric("words_known", 42.5);
    host_.metric("Not A Name", 1);
  }

  void analyze(const dprkwatch_article& article, std::span<const dprkwatch_annotation> /*earlier*/,
               const sdk::Results& results) override {
    std::string text(sdk::view(article.text));
    if (!always_.empty() && (spared_.empty() || !text.starts_with(spared_))) text = always_;
    const std::string act = text.substr(0, text.find(' '));
    const std::string rest = text.size() > act.size() ? text.substr(act.size() + 1) : "";
    bool done = true;
    if (act == "crash") {
      volatile int* nowhere = nullptr;
      *nowhere = 1;  // NOLINT: on purpose
    } else if (act == "hang") {
      hang();
    } else if (act == "ignore-sigterm") {
      signal(SIGTERM, SIG_IGN);
      hang();
    } else if (act == "exit") {
      _exit(3);
    } else if (act == "leak") {
      leak();
    } else if (act == "flood") {
      flood();
    } else if (act == "socket") {
      done = opens_socket();
    } else if (act == "passwd") {
      done = opens("/etc/passwd", O_RDONLY);
    } else if (act == "write") {
      done = opens(rest.c_str(), O_WRONLY | O_CREAT);
    } else if (act == "fork") {
      done = forks();
    } else if (act == "garbage") {
      write_everywhere("\x01\xff{{{\n");
    } else if (act == "other") {
      write_everywhere("{\"type\":\"result\",\"seq\":1000,\"annotations\":[]}\n");
    } else if (act == "patient") {
      // Until it is asked to stop.
      while (!host_.stop_requested()) {
        host_.metric("waits", 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    } else if (act == "error") {
      throw std::runtime_error("told to fail");
    }
    auto found = sdk::annotation("act", 1);
    found.label = sdk::str(done ? "done" : "refused");
    dprkwatch_span span{0, act == "outside" ? text.size() + 100 : 1, 0, DPRKWATCH_FIELD_TEXT, 0};
    found.spans = &span;
    found.span_count = 1;
    results.add(found);
  }

 private:
  sdk::Host host_;
  std::string always_;  // what is done whatever the text says
  std::string spared_;  // the beginning of texts that it is not done for
};

}  // namespace

DPRKWATCH_PLUGIN(Misbehave, kDescriptor)
