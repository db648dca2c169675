//! A look at a component before anything is compiled: what kind of file it is, what it imports and exports, and how
//! large it is in every respect in which a compiler could be made to suffer.
//!
//! Nothing is validated here: that is the compiler's business, in a process of its own. The scan reads what stands around
//! the functions and keeps names and counts. [`bodies`] reads the functions themselves, which is most of the bytes and
//! only of interest to the compiler: what was compiled before is spared it.

use wasmparser::{
    BinaryReaderError, ComponentExternalKind, Encoding, FunctionBody, Instance, Operator, Parser, Payload,
};

/// How large a component may be. All are bounds on one file.
pub(crate) const MAX_COMPONENT_BYTES: usize = 32 * 1024 * 1024;
const MAX_CORE_MODULES: usize = 100;
const MAX_NESTING: usize = 16;
const MAX_FUNCTIONS: usize = 200_000;
const MAX_FUNCTION_BYTES: usize = 2 * 1024 * 1024;
const MAX_LOCALS: usize = 5_000;
const MAX_BLOCK_DEPTH: usize = 5_000;
const MAX_TYPES: usize = 20_000;
const MAX_EXTERNS: usize = 500;
const MAX_NAME_BYTES: usize = 200;
const MAX_CORE_INSTANCES: usize = 500;

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Names of imports, in order.
    pub(crate) imports: Vec<String>,
    /// Names of exports, in order.
    pub(crate) exports: Vec<String>,
    /// Core memories that its modules define, and the largest minimum of one, in bytes.
    pub(crate) memories: usize,
    pub(crate) memory_min_bytes: u64,
    pub(crate) core_modules: usize,
    pub(crate) core_instances: usize,
    pub(crate) functions: usize,
}

/// Why a file is not even tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// It does not begin as a WebAssembly file does.
    #[error("not a WebAssembly file (it does not begin with `\\0asm`)")]
    NotWasm,
    /// It is a core module.
    #[error(
        "this is a core module, not a component: encode it with `wasm-tools component new` or `cargo xtask build-components`"
    )]
    CoreModule,
    /// It breaks off, or is not well-formed.
    #[error("not well-formed: {0}")]
    Malformed(String),
    /// It has more of something than a component may.
    #[error("{what}: {found}, the limit is {limit}; {fix}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How much was found. Counting ends there.
        found: usize,
        /// How much may be.
        limit: usize,
        /// What to do.
        fix: &'static str,
    },
}

impl From<BinaryReaderError> for ScanError {
    fn from(error: BinaryReaderError) -> Self {
        let mut reason = error.to_string();
        reason.truncate(reason.floor_char_boundary(300));
        Self::Malformed(reason)
    }
}

/// Reads a component, but for the bodies of its functions.
pub(crate) fn scan(bytes: &[u8]) -> Result<Scan, ScanError> {
    if !bytes.starts_with(b"\0asm") {
        return Err(ScanError::NotWasm);
    }
    within("bytes", bytes.len(), MAX_COMPONENT_BYTES, "leave out what the view does not need")?;
    let mut scan = Scan::default();
    let mut counts = Counts::default();
    // How deep in nested modules and components the parser is.
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        scan.payload(payload?, &mut counts, &mut depth)?;
    }
    Ok(scan)
}

#[derive(Default)]
struct Counts {
    types: usize,
}

impl Scan {
    fn payload(
        &mut self,
        payload: Payload<'_>,
        counts: &mut Counts,
        depth: &mut usize,
    ) -> Result<(), ScanError> {
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } if *depth == 0 => {
                return Err(ScanError::CoreModule);
            }
            Payload::ModuleSection { .. } => {
                self.core_modules += 1;
                *depth += 1;
                within("core modules", self.core_modules, MAX_CORE_MODULES, LINK)?;
                within("components within components", *depth, MAX_NESTING, LINK)?;
            }
            Payload::ComponentSection { .. } => {
                *depth += 1;
                within("components within components", *depth, MAX_NESTING, LINK)?;
            }
            Payload::End(_) => *depth = depth.saturating_sub(1),
            Payload::TypeSection(section) => counts.types(section.count())?,
            Payload::ComponentTypeSection(section) => counts.types(section.count())?,
            Payload::CoreTypeSection(section) => counts.types(section.count())?,
            Payload::InstanceSection(section) => {
                for instance in section {
                    // The others are bundles of what is there already.
                    self.core_instances += usize::from(matches!(instance?, Instance::Instantiate { .. }));
                    within("core instances", self.core_instances, MAX_CORE_INSTANCES, LINK)?;
                }
            }
            Payload::FunctionSection(section) => {
                self.functions += size(section.count());
                within("functions", self.functions, MAX_FUNCTIONS, "split the view")?;
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    let memory = memory?;
                    self.memories += 1;
                    let page = 1_u64.checked_shl(memory.page_size_log2.unwrap_or(16)).unwrap_or(u64::MAX);
                    self.memory_min_bytes = self.memory_min_bytes.max(memory.initial.saturating_mul(page));
                }
            }
            Payload::ComponentImportSection(section) if *depth == 0 => {
                for import in section {
                    name(&mut self.imports, import?.name.name)?;
                }
            }
            Payload::ComponentExportSection(section) if *depth == 0 => {
                for export in section {
                    let export = export?;
                    if export.kind == ComponentExternalKind::Instance {
                        name(&mut self.exports, export.name.name)?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Reads the bodies of all functions: what makes a compiler slow and large.
pub(crate) fn bodies(bytes: &[u8]) -> Result<(), ScanError> {
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::CodeSectionEntry(body) = payload? {
            function(&body)?;
        }
    }
    Ok(())
}

const LINK: &str = "link the guest as fewer parts";
const SMALLER: &str = "split the function";

impl Counts {
    fn types(&mut self, more: u32) -> Result<(), ScanError> {
        self.types += size(more);
        within("types", self.types, MAX_TYPES, "split the view")
    }
}

fn name(names: &mut Vec<String>, found: &str) -> Result<(), ScanError> {
    within("imports or exports", names.len() + 1, MAX_EXTERNS, "a view has fewer than twenty")?;
    within("bytes in the name of an import or export", found.len(), MAX_NAME_BYTES, "shorten it")?;
    names.push(found.to_owned());
    Ok(())
}

/// Long bodies, many locals, deep blocks.
fn function(body: &FunctionBody<'_>) -> Result<(), ScanError> {
    within("bytes in one function", body.range().len(), MAX_FUNCTION_BYTES, SMALLER)?;
    let mut locals = 0_usize;
    for local in body.get_locals_reader()? {
        let (count, _) = local?;
        locals = locals.saturating_add(size(count));
        within("locals in one function", locals, MAX_LOCALS, SMALLER)?;
    }
    let mut depth = 0_usize;
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                depth += 1;
                within("blocks within blocks in one function", depth, MAX_BLOCK_DEPTH, SMALLER)?;
            }
            Operator::End => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

fn within(what: &'static str, found: usize, limit: usize, fix: &'static str) -> Result<(), ScanError> {
    if found > limit { Err(ScanError::TooMuch { what, found, limit, fix }) } else { Ok(()) }
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
