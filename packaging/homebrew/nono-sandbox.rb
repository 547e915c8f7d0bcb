class NonoSandbox < Formula
  desc "Run a command that may touch only what it was granted"
  homepage "@SITE@/"
  url "@SITE@/nono-@VERSION@.tar.gz"
  sha256 "@SHA256@"
  license "ISC"

  on_linux do
    depends_on "libseccomp" => :build
    depends_on "pkgconf" => :build
    depends_on "libcap"
  end

  conflicts_with "nono", because: "both install a `nono` binary"

  def install
    system "make", "install", "PREFIX=#{prefix}"
  end

  # A dry run only: no sandbox can be made inside that of brew test.
  test do
    assert_match version.to_s, shell_output("#{bin}/nono --version")
    (testpath/"granted").mkpath
    assert_match (testpath/"granted").realpath.to_s, shell_output("#{bin}/nono --dry-run -a granted true")
  end
end
