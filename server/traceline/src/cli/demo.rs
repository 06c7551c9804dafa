pub(super) fn run() -> anyhow::Result<std::process::ExitCode> {
    todo!()
}
