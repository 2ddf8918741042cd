#include "cli/cli.hpp"

int main(int argc, char** argv) { return dprkwatch::cli::main(argc, argv); }
