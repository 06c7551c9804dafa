//! Which documents a template is for, by its path and `[forms]`.

use super::pattern::{Parts, Pattern};
use super::{Dialect, Forms, Role};
use smol_str::SmolStr;

/// What a file is the template of, by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormOf {
    /// The dialect whose documents it is for.
    pub dialect: SmolStr,
    /// Their role.
    pub role: Role,
    /// Which pattern says so: of several templates for one folder, that of the first counts.
    pub rank: usize,
    /// How many folders of its path lead to the one whose documents it is for.
    pub depth: usize,
}

impl Forms {
    /// The patterns of `[forms]`, which begin in `folder`.
    pub(super) fn patterns(&self, folder: &str) -> Vec<(Role, Pattern)> {
        let lists = [(Role::Spec, &self.spec), (Role::Plan, &self.plan), (Role::Tasks, &self.tasks)];
        let patterns = lists.into_iter().flat_map(|(role, list)| list.iter().map(move |text| (role, text)));
        patterns.map(|(role, text)| (role, Pattern::new(text, folder))).collect()
    }
}

impl Dialect {
    /// What the template at `path`, relative to its workspace folder, is the template of, in any of the dialects that this
    /// one knows.
    #[must_use]
    pub fn forms_at(&self, path: &str) -> Vec<FormOf> {
        let path = path.to_lowercase();
        let parts = Parts::of(&path);
        let all = std::iter::once(self).chain(self.others.iter().map(|other| &**other.dialect()));
        let form = |dialect: &Dialect| {
            let patterns = dialect.forms.0.get_or_init(|| dialect.table.forms.patterns(&dialect.folder));
            let mut all = patterns.iter().enumerate();
            let found = all.find_map(|(rank, (role, pattern))| Some((rank, *role, pattern.depth(&parts)?)));
            found.map(|(rank, role, depth)| FormOf { dialect: dialect.table.name.clone(), role, rank, depth })
        };
        all.filter_map(form).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_one_by_its_place() {
        let form = |dialect: &str, path: &str| {
            let all = Dialect::home().forms_at(path);
            all.into_iter().find(|it| it.dialect == dialect).map(|it| (it.role, it.depth))
        };
        assert_eq!(form("spec-kit", ".specify/templates/plan-template.md"), Some((Role::Plan, 0)));
        assert_eq!(form("spec-kit", "apps/web/.specify/templates/spec-template.md"), Some((Role::Spec, 2)));
        assert_eq!(form("kiro", ".spec-workflow/user-templates/design-template.md"), Some((Role::Plan, 0)));
        assert_eq!(form("kiro", ".kiro/settings/templates/specs/requirements.md"), Some((Role::Spec, 0)));
        assert_eq!(form("plan", "docs/templates/plan.md"), Some((Role::Plan, 0)));
        assert_eq!(form("plan", "specs/_template/tasks.md"), Some((Role::Tasks, 0)));
        assert_eq!(form("plan", "docs/specs/0000-spec-template.md"), Some((Role::Spec, 2)));
        for (dialect, path) in [
            ("plan", "specs/login/plan.md"),
            ("kiro", ".specify/templates/plan-template.md"),
            ("plan", ".specify/templates/checklist-template.md"),
        ] {
            assert_eq!(form(dialect, path), None, "{dialect} {path}");
        }
    }

    #[test]
    fn the_first_of_two_patterns_counts() {
        let rank = |path: &str| Dialect::home().forms_at(path).iter().find(|it| it.dialect == "kiro").map(|it| it.rank);
        let (own, other) =
            (".spec-workflow/user-templates/tasks-template.md", ".spec-workflow/templates/tasks-template.md");
        assert!(rank(own).is_some() && rank(own) < rank(other));
    }
}
