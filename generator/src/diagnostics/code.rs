//! The stable codes of all findings.

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; the output is what the description says.
    Note,
    /// Something is not generated, or not as the description says.
    Warning,
    /// No output can be written.
    Error,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $severity:ident;)+) => {
        /// A stable code. The first digit after `CS0` names the stage: 1 read, 2 parse, 3 lower, 4 name, 5 write,
        /// 6 reading API pages, and 7 comparing descriptions with them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The code as it is printed and documented.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)+ }
            }

            /// What the code stands for, in one sentence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// How grave a finding with this code is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    /// A file could not be read.
    Unreadable = "CS0101", Error;
    /// The text is not YAML or JSON.
    Syntax = "CS0102", Error;
    /// A key stands twice in one mapping.
    DuplicateKey = "CS0103", Error;
    /// A limit on depth, size or number of files is exceeded.
    Limit = "CS0104", Error;
    /// The document is of a version that is not supported, or of none.
    Version = "CS0201", Error;
    /// A value is of the wrong kind.
    WrongKind = "CS0202", Error;
    /// A required key is missing.
    MissingKey = "CS0203", Error;
    /// A key is not one of the object's: probably misspelt.
    UnknownKey = "CS0204", Warning;
    /// A key of our own language is not one of those that stand here.
    UnknownExtension = "CS0205", Error;
    /// A reference leads nowhere.
    BrokenReference = "CS0206", Error;
    /// A chain of references never reaches a value.
    ReferenceCycle = "CS0207", Error;
    /// A value is not one of those that are allowed here.
    InvalidValue = "CS0208", Error;
    /// A required key is missing that can be done without.
    Incomplete = "CS0209", Warning;
    /// Something is not written as the specification wants it, and it is plain what is meant.
    Deviation = "CS0210", Warning;
    /// The specification defines this and the generator does not generate it.
    NotGenerated = "CS0301", Warning;
    /// Two operations have one operationId.
    DuplicateOperationId = "CS0302", Error;
    /// A path parameter is not declared, or a declared one does not stand in the path.
    PathParameter = "CS0303", Error;
    /// A parameter is declared twice.
    DuplicateParameter = "CS0304", Error;
    /// A setting of our own language names something that is not there.
    UnknownTarget = "CS0305", Error;
    /// Schemas are nested too deeply.
    Depth = "CS0306", Error;
    /// The document has no operation.
    NoOperation = "CS0307", Warning;
    /// An example does not fit its schema.
    ExampleMismatch = "CS0308", Warning;
    /// Parts of the schema contradict each other.
    Contradiction = "CS0309", Warning;
    /// The specification does not say how a parameter's style writes its value.
    UndefinedStyle = "CS0310", Note;
    /// A format is not known, and the value is what its `type` says.
    UnknownFormat = "CS0311", Note;
    /// A selection fits no operation.
    UnknownSelection = "CS0312", Error;
    /// What is selected leads to something that is not.
    LeftOut = "CS0313", Note;
    /// A link leads to an operation, or fills a parameter, that is not there.
    BrokenLink = "CS0314", Warning;
    /// A name had to be changed to be one of its own.
    Renamed = "CS0401", Note;
    /// A file that is not ours stands where one of ours should go.
    ForeignFile = "CS0501", Error;
    /// A file or folder cannot be written.
    Unwritable = "CS0502", Error;
    /// A page describes no endpoint.
    NoEndpoint = "CS0601", Error;
    /// A type on a page is not understood.
    UnknownType = "CS0602", Warning;
    /// A table on a page is of no use: nothing leads to it, or its columns are not understood.
    UnusedTable = "CS0603", Warning;
    /// A page does not say what an object consists of.
    MissingTable = "CS0604", Note;
    /// A variable of the path stands in no table of the page, or a table has one that the path lacks.
    PathVariable = "CS0605", Warning;
    /// An example on a page is not JSON.
    InvalidExample = "CS0606", Warning;
    /// A page contradicts itself.
    PageContradiction = "CS0607", Warning;
    /// An example on a page has a field that stands in no table.
    ExampleField = "CS0608", Warning;
    /// A value in an example on a page is of another type than its table says.
    ExampleType = "CS0609", Warning;
    /// An example on a page lacks a field that its table requires.
    ExampleIncomplete = "CS0610", Warning;
    /// The words on a field contradict the columns of its table.
    WordsAgainstTable = "CS0611", Warning;
    /// A page says that what a call begins ends later than its answer comes.
    EndsLater = "CS0612", Note;
    /// The page has what the description lacks.
    MissingFromSpec = "CS0701", Error;
    /// The description has what its page lacks.
    MissingFromPage = "CS0702", Error;
    /// The page gives another type than the description.
    OtherType = "CS0703", Error;
    /// The page requires what the description does not, or the other way round.
    OtherRequired = "CS0704", Error;
    /// The page gives another range of numbers than the description.
    OtherRange = "CS0705", Error;
    /// The page gives another length of text than the description.
    OtherLength = "CS0706", Error;
    /// The page gives another default than the description.
    OtherDefault = "CS0707", Error;
    /// The page lists other values than the description.
    OtherValues = "CS0708", Error;
    /// The description has too narrow a format for the numbers of the page.
    OtherFormat = "CS0709", Error;
    /// The page calls deprecated what the description does not, or the other way round.
    OtherDeprecation = "CS0710", Error;
    /// The page gives another method or path than the description.
    OtherEndpoint = "CS0711", Error;
    /// The page gives another status than the description.
    OtherStatus = "CS0712", Error;
    /// The page that an operation names is not there, or describes no endpoint.
    NoPage = "CS0713", Error;
    /// A page describes an endpoint that no operation names.
    UnnamedEndpoint = "CS0714", Error;
    /// Two operations name one endpoint of a page.
    TwoOperations = "CS0715", Error;
    /// A page contradicts itself or leaves something open, and nobody has looked at it.
    PageFinding = "CS0716", Error;
    /// What an exception excuses has changed.
    StaleException = "CS0717", Error;
    /// An exception excuses nothing.
    IdleException = "CS0718", Error;
    /// An exception gives no reason.
    Unexplained = "CS0719", Error;
    /// The lock of the pages does not say what the pages say.
    StaleLock = "CS0720", Error;
}
