# Untried. From the root of a checkout: nix build '.?dir=packaging/nix'
{
  description = "A terminal dashboard for the Tasks of Cloud Foundry's Diego";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEachSystem = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      manifest = (builtins.fromTOML (builtins.readFile ../../Cargo.toml)).package;
    in
    {
      packages = forEachSystem (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = manifest.name;
          inherit (manifest) version;
          src = ../..;
          cargoLock.lockFile = ../../Cargo.lock;
          nativeBuildInputs = [ pkgs.installShellFiles ];

          # The tests open terminals and ports; .ci/run runs them.
          doCheck = false;

          postInstall = ''
            $out/bin/taskdeck man > taskdeck.1
            for verb in $(sed -n '/^taskdeck\\-.*(1)$/{s/^taskdeck\\-//; s/(1)$//; s/\\//g; p}' taskdeck.1); do
              $out/bin/taskdeck man "$verb" > "taskdeck-$verb.1"
            done
            installManPage taskdeck*.1
            installShellCompletion --cmd taskdeck \
              --bash <($out/bin/taskdeck completions bash) \
              --zsh <($out/bin/taskdeck completions zsh) \
              --fish <($out/bin/taskdeck completions fish)
            install -Dm644 config.example.toml -t $out/share/doc/taskdeck
          '';

          meta = {
            inherit (manifest) description;
            license = with pkgs.lib.licenses; [
              mit
              asl20
            ];
            mainProgram = "taskdeck";
          };
        };
      });
    };
}
