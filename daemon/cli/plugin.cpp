#include "plugin/plugin.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/verbs.hpp"
#include "config/config.hpp"
#include "plugin/conformance.hpp"
#include "plugin/skeleton.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

namespace json = boost::json;

// A shared object or a command, as the user names it.
struct Target {
  std::vector<std::string> words;
  bool in_process = false;
  std::string config_json = "{}";
};

config::Plugin plugin_of(const Target& target) {
  config::Plugin plugin;
  plugin.config_json = target.config_json;
  plugin.timeout = std::chrono::minutes(1);  // for the text of 10 MB
  if (target.words.size() == 1 && target.words.front().ends_with(".so")) {
    plugin.mode = target.in_process ? config::PluginMode::kInProcess : config::PluginMode::kIsolated;
    plugin.path = target.words.front();
  } else {
    plugin.mode = config::PluginMode::kCommand;
    plugin.command = target.words;
  }
  return plugin;
}

int list(const std::string& file, bool as_json) {
  std::vector<config::Plugin> plugins;
  if (!file.empty()) {
    auto config = config::load_file(file, environment_variable);
    if (!config) {
      print_errors(config.error());
      return kUsage;
    }
    plugins = config->plugins;
  }
  const auto host = plugin::load(plugins, plugin::default_paths());
  if (!host) {
    print_errors(host.error());
    return kUsage;
  }
  json::array all;
  for (const plugin::PluginInfo& info : (*host)->plugins()) {
    const auto settings = std::find_if(plugins.begin(), plugins.end(),
                                       [&](const config::Plugin& plugin) { return plugin.id == info.id; });
    const char* mode = config::name_of(settings == plugins.end() ? config::PluginMode::kInProcess : settings->mode);
    if (as_json) {
      all.push_back(json::object{{"id", info.id},
                                 {"version", info.version},
                                 {"mode", mode},
                                 {"summary", info.summary},
                                 {"provides", json::array(info.provides.begin(), info.provides.end())},
                                 {"needs", json::array(info.needs.begin(), info.needs.end())}});
      continue;
    }
    std::cout << info.id << " " << text::printable(info.version) << " (" << mode << ")\n";
    if (!info.summary.empty()) std::cout << "  " << text::printable(info.summary) << "\n";
    std::cout << "  adds:";
    for (const std::string& kind : info.provides) std::cout << " " << text::printable(kind);
    std::cout << "\n";
  }
  if (as_json) std::cout << json::serialize(all) << "\n";
  return kDone;
}

int check(const Target& target, bool as_json) {
  std::size_t failures = 0;
  json::array all;
  const auto report = [&](const plugin::Check& check) {
    failures += check.passed ? 0 : 1;
    if (as_json) {
      all.push_back(json::object{{"check", check.name}, {"passed", check.passed}, {"detail", check.detail}});
      return;
    }
    std::cout << (check.passed ? "good    " : "FAILED  ") << check.name;
    if (!check.detail.empty()) std::cout << ": " << text::printable(check.detail);
    std::cout << std::endl;
  };
  const bool good = plugin::check_conformance(plugin_of(target), plugin::default_paths(), report);
  if (as_json) {
    std::cout << json::serialize(all) << "\n";
  } else {
    std::cout << (good ? "The plugin is good.\n" : std::to_string(failures) + " failed.\n");
  }
  return good ? kDone : kFailed;
}

int bench(const Target& target, std::size_t workers) {
  const auto speed = plugin::measure(plugin_of(target), plugin::default_paths(), workers);
  if (!speed) {
    print_errors({speed.error()});
    return kFailed;
  }
  std::printf("one article of 3 KB at a time: median %.1f us, 99 of 100 within %.1f us\n", speed->median_us,
              speed->slowest_us);
  std::printf("many at a time, %zu workers: %.0f articles a second\n", speed->workers, speed->per_second);
  return kDone;
}

int make(const std::string& id, plugin::Language language) {
  const auto files = plugin::write_skeleton(id, language, ".", plugin::default_paths());
  if (!files) {
    print_errors({files.error()});
    return kFailed;
  }
  for (const std::string& file : *files) std::cout << file << "\n";
  if (language == plugin::Language::kPython) {
    std::cout << "\nCheck it:   dprkwatch plugin check -- python3 " << id << "/plugin.py\n"
              << "Use it:     plugins: [{id: " << id << ", mode: command, command: [python3, ./" << id
              << "/plugin.py]}]\n";
  } else {
    std::cout << "\nBuild it:   cmake -S " << id << " -B " << id << "/build && cmake --build " << id << "/build\n"
              << "Check it:   dprkwatch plugin check " << id << "/build/" << id << ".so\n"
              << "Use it:     plugins: [{id: " << id << ", mode: isolated, path: " << id << "/build/" << id
              << ".so}]\n";
  }
  return kDone;
}

void add_target(CLI::App* verb, Target& target) {
  verb->add_option("TARGET", target.words, "FILE.so, or after -- a program and its arguments")->required();
  verb->add_flag("--in-process", target.in_process, "Load FILE.so into this process, as mode in_process does");
  verb->add_option("--config", target.config_json, "The plugin's configuration, as JSON");
}

}  // namespace

void add_plugin(CLI::App& program, Action& action) {
  CLI::App* verb =
      program.add_subcommand("plugin", "List, check, measure and begin analyzers; retry and repeat analyses");
  verb->require_subcommand(1);
  auto as_json = std::make_shared<bool>(false);
  auto target = std::make_shared<Target>();

  auto file = std::make_shared<std::string>();
  CLI::App* list_verb = verb->add_subcommand("list", "The analyzers of a configuration, in the order they run");
  list_verb->add_option("--config", *file, "Configuration file; default: the built-in analyzers");
  list_verb->add_flag("--json", *as_json, "Print JSON");
  list_verb->callback([=, &action] { action = [=] { return list(*file, *as_json); }; });

  CLI::App* check_verb = verb->add_subcommand("check", "Run the conformance kit on a plugin");
  add_target(check_verb, *target);
  check_verb->add_flag("--json", *as_json, "Print JSON");
  check_verb->footer("Examples: dprkwatch plugin check words.so\n          dprkwatch plugin check -- python3 words.py");
  check_verb->callback([=, &action] { action = [=] { return check(*target, *as_json); }; });

  auto workers = std::make_shared<std::size_t>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App* bench_verb = verb->add_subcommand("bench", "Measure how fast a plugin answers");
  add_target(bench_verb, *target);
  bench_verb->add_option("--workers", *workers, "How many at a time")->check(CLI::Range(1, 64));
  bench_verb->callback([=, &action] { action = [=] { return bench(*target, *workers); }; });

  add_plugin_store(*verb, action);

  const std::map<std::string, plugin::Language> languages{
      {"c++", plugin::Language::kCpp}, {"c", plugin::Language::kC}, {"python", plugin::Language::kPython}};
  auto name = std::make_shared<std::string>();
  auto language = std::make_shared<plugin::Language>(plugin::Language::kPython);
  CLI::App* new_verb = verb->add_subcommand("new", "Write a new analyzer that runs, into a folder of its name");
  new_verb->add_option("NAME", *name, "a-z, 0-9 and '-'")->required();
  new_verb->add_option("--language", *language, "c++, c or python (default)")
      ->transform(CLI::CheckedTransformer(languages));
  new_verb->callback([=, &action] { action = [=] { return make(*name, *language); }; });
}

}  // namespace dprkwatch::cli
