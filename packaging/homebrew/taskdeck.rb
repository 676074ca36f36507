# Untried: taskdeck has no public address yet, so that the address of the source is taken from the environment. The source is
# the archive that `cargo package` makes (target/package/taskdeck-VERSION.crate):
#
#   export HOMEBREW_TASKDECK_URL=file:///…/taskdeck-0.2.0.crate HOMEBREW_TASKDECK_SHA256=…
#   brew install --build-from-source packaging/homebrew/taskdeck.rb
class Taskdeck < Formula
  desc "Terminal dashboard for the Tasks of Cloud Foundry's Diego"
  url ENV.fetch("HOMEBREW_TASKDECK_URL"), using: :curl
  version "0.2.0"
  sha256 ENV.fetch("HOMEBREW_TASKDECK_SHA256")
  license any_of: ["MIT", "Apache-2.0"]

  depends_on "rust" => :build

  def install
    # Homebrew does not know the extension, and leaves the archive packed.
    system "tar", "-xzf", Dir["*.crate"].first, "--strip-components=1" if Dir["*.crate"].any?
    system "cargo", "install", *std_cargo_args

    generate_completions_from_executable(bin/"taskdeck", "completions", shells: [:bash, :zsh, :fish])
    (man1/"taskdeck.1").write Utils.safe_popen_read(bin/"taskdeck", "man")
    verbs = (man1/"taskdeck.1").read.scan(/^taskdeck\\-([a-z\\-]+)\(1\)$/).flatten
    verbs.map { |verb| verb.delete("\\") }.each do |verb|
      (man1/"taskdeck-#{verb}.1").write Utils.safe_popen_read(bin/"taskdeck", "man", verb)
    end
    pkgshare.install "config.example.toml"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/taskdeck --version")
    assert_match "move-down", shell_output("#{bin}/taskdeck docs commands")
  end
end
