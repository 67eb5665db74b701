; The installer for Windows, in the language of Inno Setup 6; installer.py hands in what is said in capitals and
; compiles it. Nobody who wrote it had a Windows at hand: it was never run.

[Setup]
AppId={{0F5B6E52-6E0C-4C0B-9C62-5D1B0B8A7E31}
AppName=Offline Assistant
AppVersion={#VERSION}
AppPublisher=The Offline Assistant authors
LicenseFile={#ROOT}\LICENSE
OutputDir={#OUTPUT}
OutputBaseFilename=offline-assistant-{#VERSION}-windows-x64
SetupIconFile={#ICON}
UninstallDisplayIcon={app}\offline-assistant-window.exe
; For the person who runs it; an administrator may choose to install it for everybody.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
DefaultDirName={autopf}\Offline Assistant
DisableProgramGroupPage=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
Compression=lzma2/ultra64
SolidCompression=yes
WizardStyle=modern
; A program that runs is asked to close, so that its files can be replaced.
CloseApplications=yes
RestartApplications=no
ChangesAssociations=yes
ChangesEnvironment=yes
#ifdef SIGNED
SignTool=own
SignedUninstaller=yes
#endif

[Tasks]
Name: desktop; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: path; Description: "Let the terminal find the command offline-assistant"; Flags: unchecked

[InstallDelete]
; Libraries of an older version must not lie beside those of this one.
Type: filesandordirs; Name: "{app}\_internal"
Type: filesandordirs; Name: "{app}\licences"

[Files]
#ifdef SIGNED
Source: "{#PROGRAM}\*.exe"; DestDir: "{app}"; Flags: ignoreversion signonce
#else
Source: "{#PROGRAM}\*.exe"; DestDir: "{app}"; Flags: ignoreversion
#endif
Source: "{#PROGRAM}\*"; Excludes: "\*.exe"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{autoprograms}\Offline Assistant"; Filename: "{app}\offline-assistant-window.exe"
Name: "{autodesktop}\Offline Assistant"; Filename: "{app}\offline-assistant-window.exe"; Tasks: desktop

[Registry]
; Offered under “Open with”; nobody's usual program changes.
Root: HKA; Subkey: "Software\Classes\Applications\offline-assistant-window.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Offline Assistant"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\offline-assistant-window.exe\shell\open\command"; ValueType: string; ValueData: """{app}\offline-assistant-window.exe"" ""%1"""
#include SUPPORTED_TYPES
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: not IsOnPath

[Run]
Filename: "{app}\offline-assistant-window.exe"; Description: "{cm:LaunchProgram,Offline Assistant}"; Flags: nowait postinstall skipifsilent

[Code]
function PathOfThisPerson: String;
begin
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Result) then
    Result := '';
end;

function IsOnPath: Boolean;
begin
  Result := Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(PathOfThisPerson) + ';') > 0;
end;

procedure RemoveFromPath;
var
  Path: String;
begin
  Path := ';' + PathOfThisPerson + ';';
  if StringChangeEx(Path, ';' + ExpandConstant('{app}') + ';', ';', True) > 0 then
    RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Copy(Path, 2, Length(Path) - 2));
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if Step = usUninstall then
    RemoveFromPath;
  if (Step = usPostUninstall) and not UninstallSilent then
    MsgBox('Offline Assistant is removed. What you keep in it stays in ' + ExpandConstant('{localappdata}\offline-assistant') + '.', mbInformation, MB_OK);
end;
