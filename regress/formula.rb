# formula.rb FILE SOURCES PREFIX TESTPATH: does what Homebrew does with a
# formula, as far as ours needs it: reads it, installs, runs its test.

require "pathname"

class Formula
  class << self
    attr_reader :facts, :steps

    %i[desc homepage url sha256 license depends_on conflicts_with].each do |name|
      define_method(name) { |*args, **more| ((@facts ||= {})[name] ||= []) << [args, more] }
    end

    def on_linux
      yield if RUBY_PLATFORM.include?("linux")
    end

    def test(&block)
      @steps = block
    end
  end

  attr_reader :prefix, :testpath

  def initialize(prefix, testpath)
    @prefix = Pathname(prefix)
    @testpath = Pathname(testpath)
  end

  def bin
    prefix/"bin"
  end

  def version
    self.class.facts[:url][0][0][0][/-([0-9.]+)\.tar\.gz\z/, 1]
  end

  def system(*command)
    Kernel.system(*command) || abort("failed: #{command.join(" ")}")
  end

  def shell_output(command, status = 0)
    out = `#{command}`
    $?.exitstatus == status || abort("exit #{$?.exitstatus}: #{command}")
    out
  end

  def assert_match(wanted, got)
    got.match?(wanted.is_a?(String) ? Regexp.escape(wanted) : wanted) ||
      abort("no #{wanted} in: #{got}")
  end
end

file, sources, prefix, testpath = ARGV
load file
formula = NonoSandbox.new(prefix, testpath)
%i[desc homepage url sha256 license].each do |name|
  NonoSandbox.facts[name]&.size == 1 || abort("#{name}: not said once")
end
Dir.chdir(sources) { formula.install }
ENV["HOME"] = testpath
Dir.chdir(testpath) { formula.instance_eval(&NonoSandbox.steps) }
